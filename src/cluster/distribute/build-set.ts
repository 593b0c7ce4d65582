// A set of policies in; its bundle, or what is wrong by ConfigMap and key, out. The same set is compiled once.
import { hash } from 'node:crypto';
import { err, ok, type Result } from '../../lib/result.ts';
import { nameError, readBundle, type CompileFloors } from '../../policy/index.ts';
import type { PolicySet } from './floor.ts';
import { locateIssue, type SetIssue } from './set-issue.ts';

export interface Built {
  readonly digest: string;
  readonly bytes: Buffer;
}

export interface SetFailure {
  readonly issues: readonly SetIssue[];
  /** Nothing is known to be wrong with the policies: the same ones may compile later. */
  readonly isPassing: boolean;
}

export type Outcome = Result<Built, SetFailure>;
/** Never rejects: whoever waits has to go on. */
export type BuildSet = (set: PolicySet, signal: AbortSignal) => Promise<Outcome>;

/** What a ConfigMap of 1 MiB takes, with room for its metadata. */
export const LARGEST_BUNDLE_BYTES = 1000 * 1024;
const MOST_REMEMBERED = 32;

export function createBuild(compile: CompileFloors): BuildSet {
  const known = new Map<string, Outcome>();
  return async (set, signal) => {
    const key = keyOf(set);
    const outcome = known.get(key) ?? (await tryBuild(set, compile, signal));
    known.delete(key);
    if (outcome.ok || !outcome.error.isPassing) known.set(key, outcome);
    const [oldest] = known.keys();
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
    return outcome;
  };
}

/** Equal where the same bundle comes of it. */
export const keyOf = ({ platform, own }: PolicySet): string => hash('sha256', `${platform.hash} ${own.hash}`);

async function tryBuild(...work: Parameters<typeof buildSet>): Promise<Outcome> {
  try {
    return await buildSet(...work);
  } catch (error) {
    return fail('policy.compiler_failed', `Compiling failed: ${nameError(error)}.`, true);
  }
}

async function buildSet(
  { platform, own }: PolicySet,
  compile: CompileFloors,
  signal: AbortSignal,
): Promise<Outcome> {
  const unread = [...platform.issues, ...own.issues];
  if (unread.length > 0) return err({ issues: unread, isPassing: false });
  const compiled = await compile({ platform: platform.files, own: own.files }, signal);
  if (!compiled.ok) {
    const { issues, isPassing } = compiled.error;
    return err({ issues: issues.map(locateIssue), isPassing });
  }
  return weighBundle(compiled.value);
}

function weighBundle(bytes: Buffer): Outcome {
  const bundle = readBundle(bytes);
  if (!bundle.ok) return fail(bundle.error.code, `The bundle: ${bundle.error.message}`);
  if (bytes.length <= LARGEST_BUNDLE_BYTES) return ok({ digest: bundle.value.digest, bytes });
  const [size, limit] = [bytes.length, LARGEST_BUNDLE_BYTES].map((each) => Math.ceil(each / 1024));
  return fail('bundle.too_large', `The bundle has ${String(size)} KiB; a ConfigMap takes ${String(limit)}.`);
}

const fail = (code: string, message: string, isPassing = false): Outcome =>
  err({ issues: [{ configMap: '', key: '', row: 0, column: 0, code, message }], isPassing });
