// What a candidate would have decided, beside what was decided. Codes only.
import type { Action } from './decision.ts';
import type { FailureCode } from './failure.ts';

/** What becomes of what one policy says with one code. To deny is to refuse: to deny or to escalate. */
export type Change = 'same' | 'newly_denied' | 'newly_allowed' | 'other_action';

/** Of a whole decision; `other_reasons`: the same action, for reasons that are not the same. */
export type DecisionChange = Change | 'other_reasons';

export interface VerdictChange {
  readonly policy: string;
  readonly code: string;
  readonly change: Change;
}

export interface DecisionDifference {
  readonly change: DecisionChange;
  /** Everything that either side enforces, also what is the same. */
  readonly verdicts: readonly VerdictChange[];
}

/** One side of an exchange, judged by a candidate as well. */
export interface Comparison {
  /** The candidate's. */
  readonly digest: string;
  /** `failed`: it could not judge; `dropped`: it was not asked, there was too much to do. */
  readonly result: DecisionChange | 'failed' | 'dropped';
  /** What it would have done; null when it did not judge. */
  readonly action: Action | null;
  readonly verdicts: readonly VerdictChange[];
  /** Why it failed. */
  readonly failure: FailureCode | null;
}
