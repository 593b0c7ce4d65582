// What pods counted of a candidate, and what the Namespace says of it, in; how the candidate stands, and whether it is held back, out. Pure.
import type { Acknowledgement } from './acknowledgement.ts';
import type { ChannelChoice } from './channel.ts';
import { shortDigest } from './names.ts';
import { obeysCandidate } from './offers.ts';
import type { SetIssue } from './set-issue.ts';
import type { Book, TargetPod } from './standing.ts';

/** Sides of exchanges, by what the candidate would have changed, as it is counted since it came to the pods that live. */
export interface CandidateSides {
  readonly compared: number;
  readonly newlyDenied: number;
  readonly newlyAllowed: number;
  readonly failed: number;
}

/** Why nobody obeys it, and since when. */
export interface Hold {
  readonly digest: string;
  readonly why: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface CandidateStanding {
  /** `error`: the newest candidate does not compile. `pending`: not every pod has it yet. `held`: nobody obeys it, until it is edited or approved. */
  readonly state: 'error' | 'pending' | 'held' | 'compared' | 'obeyed';
  /** Null before there is anything. */
  readonly digest: string | null;
  /** Of a hundred pods, how many are to obey it. */
  readonly percent: number;
  readonly obeying: number;
  readonly comparing: number;
  readonly sides: CandidateSides;
  readonly hold: Hold | null;
  readonly issues: readonly SetIssue[];
}

/** Of a namespace. */
export interface CandidateState {
  readonly digest: string | null;
  readonly isPending: boolean;
  readonly issues: readonly SetIssue[];
  readonly choice: ChannelChoice;
  /** As it was told last, of whatever candidate. */
  readonly hold: Hold | null;
  readonly targets: readonly TargetPod[];
}

/** Fewer say nothing. */
const LEAST_SIDES = 50;
const FAILED_PERCENT = 1;

/** What a namespace's pods are to do with a candidate of this digest. */
export function percentOf({
  digest,
  choice,
  hold,
}: Pick<CandidateState, 'digest' | 'choice' | 'hold'>): number {
  return isHeld({ digest, choice, hold }) ? 0 : choice.percent;
}

/** A hold is of one candidate: an edit ends it. */
function isHeld({ digest, choice, hold }: Pick<CandidateState, 'digest' | 'choice' | 'hold'>): boolean {
  return digest !== null && hold?.digest === digest && choice.approved !== shortDigest(digest);
}

export function judgeCandidate(state: CandidateState, book: Book, now: Date): CandidateStanding {
  const { digest, targets, choice, issues } = state;
  const heard = targets.flatMap(({ podUid }) => book.get(podUid) ?? []);
  const sides =
    digest === null ? NO_SIDES : heard.map((each) => countOf(each, digest)).reduce(addSides, NO_SIDES);
  const hold = digest === null ? null : (keepHold(state) ?? beginHold(digest, sides, { choice, now }));
  const percent = percentOf({ digest, choice, hold });
  const obeying = heard.filter((each) => each.digest === digest).length;
  const comparing = heard.filter((each) => each.candidate?.digest === digest).length;
  return { state: fold(), digest, percent, obeying, comparing, sides, hold, issues };

  function fold(): CandidateStanding['state'] {
    if (issues.length > 0) return 'error';
    if (isHeld({ digest, choice, hold })) return 'held';
    if (digest === null || state.isPending || targets.some(isBehind)) return 'pending';
    return percent > 0 ? 'obeyed' : 'compared';
  }

  function isBehind({ podUid }: TargetPod): boolean {
    const said = book.get(podUid);
    return (obeysCandidate(podUid, percent) ? said?.digest : said?.candidate?.digest) !== digest;
  }
}

const NO_SIDES: CandidateSides = { compared: 0, newlyDenied: 0, newlyAllowed: 0, failed: 0 };

const addSides = (one: CandidateSides, other: CandidateSides): CandidateSides => ({
  compared: one.compared + other.compared,
  newlyDenied: one.newlyDenied + other.newlyDenied,
  newlyAllowed: one.newlyAllowed + other.newlyAllowed,
  failed: one.failed + other.failed,
});

/** Of one pod. Who obeys the candidate compares what it replaces: what that would newly deny, the candidate newly allows. */
function countOf({ digest: inForce, candidate }: Acknowledgement, digest: string): CandidateSides {
  if (candidate === null) return NO_SIDES;
  const { newly_denied: denied = 0, newly_allowed: allowed = 0, failed = 0, ...others } = candidate.sides;
  const alike = (others['same'] ?? 0) + (others['other_action'] ?? 0) + (others['other_reasons'] ?? 0);
  const compared = alike + denied + allowed;
  if (candidate.digest === digest)
    return { compared: compared + failed, newlyDenied: denied, newlyAllowed: allowed, failed };
  if (inForce === digest) return { compared, newlyDenied: allowed, newlyAllowed: denied, failed: 0 };
  return NO_SIDES;
}

const keepHold = ({ hold, digest }: CandidateState): Hold | null => (hold?.digest === digest ? hold : null);

function beginHold(
  digest: string,
  { compared, newlyDenied, newlyAllowed, failed }: CandidateSides,
  { choice, now }: { readonly choice: ChannelChoice; readonly now: Date },
): Hold | null {
  if (compared < LEAST_SIDES) return null;
  const changed = newlyDenied + newlyAllowed;
  const why =
    failed * 100 > compared * FAILED_PERCENT
      ? `it failed on ${String(failed)} of ${String(compared)} sides`
      : changed * 100 > compared * choice.limitPercent
        ? `it changes ${String(changed)} of ${String(compared)} sides: ${String(newlyDenied)} newly denied, ${String(newlyAllowed)} newly allowed`
        : null;
  return why === null ? null : { digest, why, at: now.toISOString() };
}
