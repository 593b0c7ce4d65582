// The annotations of a Namespace in; what becomes of candidates there, and what is wrong with what it says, out.
import { APPROVED, CANDIDATE_LIMIT, CANDIDATE_PERCENT, POLICY_CHANNEL } from './names.ts';
import type { SetIssue } from './set-issue.ts';

export interface ChannelChoice {
  /** `stable`: they are not even compared. `shadow`: they are. `candidate`: some pods obey them. */
  readonly channel: 'stable' | 'shadow' | 'candidate';
  /** Of a hundred pods, how many obey; 0 unless the channel is `candidate`. */
  readonly percent: number;
  /** Of a hundred sides, how many a candidate may change before it is held back. */
  readonly limitPercent: number;
  readonly approved: string | null;
  readonly issues: readonly SetIssue[];
}

const CHANNELS: ReadonlySet<string> = new Set<ChannelChoice['channel']>(['stable', 'shadow', 'candidate']);
const USUAL_LIMIT = 5;
const WHOLE = 100;

/** What is not understood changes the fewest pods: nobody obeys a candidate then. */
export function readChannel(annotations: Readonly<Record<string, string>>): ChannelChoice {
  const said = annotations[POLICY_CHANNEL] ?? 'shadow';
  const channel = isOne(said) ? said : null;
  const percent = readPercent(annotations[CANDIDATE_PERCENT], WHOLE);
  const limitPercent = readPercent(annotations[CANDIDATE_LIMIT], USUAL_LIMIT);
  const issues = [
    complainOf(channel, `${POLICY_CHANNEL} must be stable, shadow or candidate.`),
    complainOf(percent, `${CANDIDATE_PERCENT} must be a whole number from 0 to 100.`),
    complainOf(limitPercent, `${CANDIDATE_LIMIT} must be a whole number from 0 to 100.`),
  ].flat();
  return {
    channel: channel ?? 'shadow',
    percent: channel === 'candidate' && issues.length === 0 ? (percent ?? 0) : 0,
    limitPercent: limitPercent ?? USUAL_LIMIT,
    approved: annotations[APPROVED] ?? null,
    issues,
  };
}

const isOne = (said: string): said is ChannelChoice['channel'] => CHANNELS.has(said);

function readPercent(said: string | undefined, otherwise: number): number | null {
  if (said === undefined) return otherwise;
  return /^(?:\d{1,2}|100)$/.test(said) ? Number(said) : null;
}

/** What was not read. */
function complainOf(read: unknown, message: string): readonly SetIssue[] {
  const place = { configMap: '', key: '', row: 0, column: 0, code: 'policy.channel' };
  return read === null ? [{ ...place, message: `The Namespace: ${message}` }] : [];
}
