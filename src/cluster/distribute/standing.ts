// What pods acknowledged, and what they are to have, in; how a namespace stands out. Pure, and the same in whatever order they are heard.
import type { AcknowledgedIssue, Acknowledgement } from './acknowledgement.ts';
import type { SetIssue } from './set-issue.ts';

/** The newest word of each pod, by its uid. */
export type Book = ReadonlyMap<string, Acknowledgement>;

export interface TargetPod {
  readonly pod: string;
  readonly podUid: string;
}

export interface PodStanding extends TargetPod {
  /** `pending`: it did not say yet that it has the digest. */
  readonly state: 'ok' | 'degraded' | 'pending';
  /** What it has; null when it has nothing, or said nothing. */
  readonly digest: string | null;
  /** Since when, as it says itself; RFC 3339. */
  readonly loadedAt: string | null;
  readonly issues: readonly AcknowledgedIssue[];
}

export interface Standing {
  /** `error`: the newest set is not distributed. `degraded`: a pod could not load what is. */
  readonly state: 'ok' | 'pending' | 'degraded' | 'error';
  /** What every pod is to have that obeys no candidate; null before there is anything. */
  readonly digest: string | null;
  readonly acknowledged: number;
  /** By the name of the pod. */
  readonly byPod: readonly PodStanding[];
  readonly issues: readonly SetIssue[];
}

export interface Desired {
  readonly digest: string | null;
  /** Of pods that are to have a candidate instead. */
  readonly digestOf?: (podUid: string) => string | null;
  /** The newest set is not compiled yet. */
  readonly isPending: boolean;
  /** Why the newest set is not what is distributed. */
  readonly issues: readonly SetIssue[];
  /** Live pods with our sidecar. */
  readonly targets: readonly TargetPod[];
}

export function noteAcknowledgement(book: Book, heard: Acknowledgement): Book {
  const before = book.get(heard.podUid);
  return before === undefined || isNewer(heard, before) ? new Map(book).set(heard.podUid, heard) : book;
}

/** What was told before, and what was heard since. */
export const joinBooks = (books: readonly Book[]): Book =>
  books.flatMap((book) => [...book.values()]).reduce(noteAcknowledgement, new Map());

/** Without pods that are gone. */
export const keepLive = (book: Book, live: ReadonlySet<string>): Book =>
  new Map([...book].filter(([uid]) => live.has(uid)));

/** Of two words at the same moment always the same one counts. */
function isNewer(heard: Acknowledgement, before: Acknowledgement): boolean {
  if (heard.atMs !== before.atMs) return heard.atMs > before.atMs;
  return JSON.stringify(heard) > JSON.stringify(before);
}

export function judgeStanding(desired: Desired, book: Book): Standing {
  const { digest, digestOf = () => digest, isPending, issues, targets } = desired;
  const byPod = targets
    .map((target) => judgePod(target, digestOf(target.podUid), book.get(target.podUid)))
    .sort((one, other) => (one.pod < other.pod ? -1 : 1));
  const acknowledged = byPod.filter(({ state }) => state === 'ok').length;
  return { state: fold(), digest, acknowledged, byPod, issues };

  function fold(): Standing['state'] {
    if (issues.length > 0) return 'error';
    if (byPod.some(({ state }) => state === 'degraded')) return 'degraded';
    return isPending || digest === null || acknowledged < byPod.length ? 'pending' : 'ok';
  }
}

function judgePod(
  { pod, podUid }: TargetPod,
  digest: string | null,
  heard: Acknowledgement | undefined,
): PodStanding {
  if (heard === undefined) return { pod, podUid, state: 'pending', digest: null, loadedAt: null, issues: [] };
  const isFaulty = heard.state === 'degraded' || heard.issues.length > 0;
  const hasIt = digest !== null && heard.digest === digest;
  const state = isFaulty ? 'degraded' : hasIt ? 'ok' : 'pending';
  return { pod, podUid, state, digest: heard.digest, loadedAt: heard.loadedAt, issues: heard.issues };
}
