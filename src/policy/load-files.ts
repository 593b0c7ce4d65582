// The files of a directory in; the snapshot of the one bundle that they are, or that they compile to, out.
import { isNativeError } from 'node:util/types';
import { err, ok, type Result } from '../lib/result.ts';
import { readBundle, type Bundle } from './bundle.ts';
import { lastingProblem, wholeIssue, type LoadProblem, type PolicyIssue } from './issue.ts';
import type { SourceFile } from './read-directory.ts';
import { openSnapshot, type Snapshot, type Station } from './snapshot.ts';
import type { Compile } from './spawn-compiler.ts';

export interface LoadOptions extends Station {
  readonly compile: Compile;
  /** In force now; it is not opened twice. */
  readonly current: Snapshot | null;
  readonly signal: AbortSignal;
}

const BUNDLE = /\.(?:tar\.gz|tgz)$/;

/** Never rejects: what nobody foresaw is a problem too, and the caller's loop must go on. */
export async function loadFiles(
  files: readonly SourceFile[],
  options: LoadOptions,
): Promise<Result<Snapshot, LoadProblem>> {
  try {
    const bundle = await findBundle(files, options);
    if (!bundle.ok) return bundle;
    if (bundle.value.digest === options.current?.digest) return ok(options.current);
    const snapshot = await openSnapshot(bundle.value, options);
    return snapshot.ok ? snapshot : err(lastingProblem(...snapshot.error));
  } catch (error) {
    const kind = isNativeError(error) ? ((error as NodeJS.ErrnoException).code ?? error.name) : typeof error;
    return err({ issues: [wholeIssue('policy.load_failed', `Loading failed: ${kind}.`)], isPassing: true });
  }
}

async function findBundle(
  files: readonly SourceFile[],
  { compile, signal }: LoadOptions,
): Promise<Result<Bundle, LoadProblem>> {
  const bundles = files.filter(({ name }) => BUNDLE.test(name));
  const fault = findFault(files, bundles);
  if (fault !== null) return err(lastingProblem(fault));
  const [bundle] = bundles;
  if (bundle !== undefined) return unpack(bundle.bytes, bundle.name);
  const compiled = await compile(files, signal);
  return compiled.ok ? unpack(compiled.value, '') : compiled;
}

/** Two answers to what is in force are none. */
function findFault(files: readonly SourceFile[], bundles: readonly SourceFile[]): PolicyIssue | null {
  if (files.length === 0) return wholeIssue('policy.empty', 'The directory holds no policies.');
  if (bundles.length > 1) return wholeIssue('policy.ambiguous', 'The directory holds more than one bundle.');
  if (bundles.length === 1 && files.length > 1) {
    return wholeIssue('policy.ambiguous', 'The directory holds both a bundle and sources.');
  }
  return null;
}

function unpack(bytes: Uint8Array, file: string): Result<Bundle, LoadProblem> {
  const bundle = readBundle(bytes);
  return bundle.ok ? bundle : err(lastingProblem(wholeIssue(bundle.error.code, bundle.error.message, file)));
}
