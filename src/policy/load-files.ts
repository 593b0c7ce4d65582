// The files of a directory in; the snapshot of the one bundle that they are, or that they compile to, out.
import { err, ok, type Result } from '../lib/result.ts';
import { readBundle, type Bundle, type BundleFault } from './bundle.ts';
import { lastingProblem, wholeIssue, type LoadProblem, type PolicyIssue } from './issue.ts';
import { nameError } from './name-error.ts';
import type { SourceFile } from './read-directory.ts';
import type { Signature, SignatureFault } from './signature.ts';
import { openSnapshot, type Snapshot, type Station } from './snapshot.ts';
import type { Compile } from './spawn-compiler.ts';
import { admitBundle, type Trust } from './trust.ts';

export interface LoadOptions extends Station {
  readonly compile: Compile;
  /** In force now; it is not opened twice. */
  readonly current: Snapshot | null;
  /** Null takes what is there, signed or not. */
  readonly trust: Trust | null;
  readonly signal: AbortSignal;
}

export interface Loaded {
  readonly snapshot: Snapshot;
  /** Proven; null without trust. */
  readonly signature: Signature | null;
}

interface Found {
  readonly bundle: Bundle;
  readonly signature: Signature | null;
}

const BUNDLE = /\.(?:tar\.gz|tgz)$/;
/** What is at fault may be mended without a change of the policies. */
const PASSING: ReadonlySet<string> = new Set<SignatureFault['code']>(['signature.key', 'signature.state']);

/** Never rejects: what nobody foresaw is a problem too, and the caller's loop must go on. */
export async function loadFiles(
  files: readonly SourceFile[],
  options: LoadOptions,
): Promise<Result<Loaded, LoadProblem>> {
  try {
    const found = await findBundle(files, options);
    return found.ok ? await openBundle(found.value, options) : found;
  } catch (error) {
    const message = `Loading failed: ${nameError(error)}.`;
    return err({ issues: [wholeIssue('policy.load_failed', message)], isPassing: true });
  }
}

async function openBundle(found: Found, options: LoadOptions): Promise<Result<Loaded, LoadProblem>> {
  const { current, trust } = options;
  const { bundle, signature } = found;
  const isOpen = current !== null && bundle.digest === current.digest;
  const snapshot = isOpen ? ok(current) : await openSnapshot(bundle, options);
  if (!snapshot.ok) return err(lastingProblem(...snapshot.error));
  const fault = signature === null ? null : await trust?.mark?.raise({ bundle, signature });
  return fault ? err(describeFault(fault, '')) : ok({ snapshot: snapshot.value, signature });
}

async function findBundle(
  files: readonly SourceFile[],
  { compile, trust, signal }: LoadOptions,
): Promise<Result<Found, LoadProblem>> {
  const bundles = files.filter(({ name }) => BUNDLE.test(name));
  const fault = findFault(files, bundles);
  if (fault !== null) return err(lastingProblem(fault));
  const [bundle] = bundles;
  if (bundle !== undefined) return unpack(bundle, trust);
  if (trust !== null) return err(lastingProblem(wholeIssue('signature.sources', SOURCES_ADVICE)));
  const compiled = await compile(files, signal);
  return compiled.ok ? unpack({ name: '', bytes: compiled.value }, null) : compiled;
}

const SOURCES_ADVICE =
  'Keys are configured, and sources cannot be signed: build a bundle of them elsewhere, and sign that.';

/** Two answers to what is in force are none. */
function findFault(files: readonly SourceFile[], bundles: readonly SourceFile[]): PolicyIssue | null {
  if (files.length === 0) return wholeIssue('policy.empty', 'The directory holds no policies.');
  if (bundles.length > 1) return wholeIssue('policy.ambiguous', 'The directory holds more than one bundle.');
  if (bundles.length === 1 && files.length > 1) {
    return wholeIssue('policy.ambiguous', 'The directory holds both a bundle and sources.');
  }
  return null;
}

async function unpack({ name, bytes }: SourceFile, trust: Trust | null): Promise<Result<Found, LoadProblem>> {
  if (trust !== null) {
    const signed = await admitBundle(bytes, trust);
    return signed.ok ? signed : err(describeFault(signed.error, name));
  }
  const bundle = readBundle(bytes);
  return bundle.ok ? ok({ bundle: bundle.value, signature: null }) : err(describeFault(bundle.error, name));
}

const describeFault = ({ code, message }: BundleFault | SignatureFault, file: string): LoadProblem => ({
  issues: [wholeIssue(code, message, file)],
  isPassing: PASSING.has(code),
});
