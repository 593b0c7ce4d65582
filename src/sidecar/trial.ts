// One exchange, its sides as they are decided and then its record, in; the record, with what the candidate says, out.
import {
  PosternError,
  type Comparison,
  type ExchangeRecord,
  type FailureCode,
  type Phase,
} from '../exchange/index.ts';
import { compareDecisions } from '../gate/decide/index.ts';
import type { Judgement } from '../gate/enforce/index.ts';
import { judgeAgain } from '../judge/index.ts';
import type { Snapshot } from '../policy/index.ts';
import type { SpareTime } from './spare-time.ts';

export interface Parties {
  readonly active: Snapshot;
  readonly candidate: Snapshot;
}

export interface TrialOptions {
  /** Both as they were when the exchange began; null while one of them is missing. */
  readonly parties: Parties | null;
  readonly spareTime: SpareTime;
  note(phase: Phase, comparison: Comparison): void;
  write(record: ExchangeRecord): void;
}

export class Trial {
  readonly #options: TrialOptions;
  readonly #comparisons: Partial<Record<Phase, Comparison>> = {};
  #waiting = 0;
  /** Set once the exchange is over. */
  #record: ExchangeRecord | null = null;

  constructor(options: TrialOptions) {
    this.#options = options;
  }

  /** Returns at once; the candidate is asked when there is time, and nobody waits for what it says. */
  compare(phase: Phase, judgement: Judgement): void {
    const { parties, spareTime } = this.#options;
    if (parties === null) return;
    const { bytes } = judgement.facts.coverage;
    this.#waiting += 1;
    const run = (): void => this.#note(phase, askCandidate(judgement, parties));
    if (!spareTime.offer({ bytes, run })) this.#note(phase, withoutAnswer(parties, 'dropped', null));
  }

  /** Written when the candidate has said all that it will say. */
  close(record: ExchangeRecord): void {
    this.#record = record;
    this.#settle();
  }

  #note(phase: Phase, comparison: Comparison): void {
    this.#waiting -= 1;
    this.#comparisons[phase] = comparison;
    this.#options.note(phase, comparison);
    this.#settle();
  }

  #settle(): void {
    if (this.#record === null || this.#waiting > 0) return;
    this.#options.write({ ...this.#record, candidate: this.#comparisons });
  }
}

/** Whatever goes wrong is the candidate's affair alone. */
function askCandidate({ decision, facts }: Judgement, parties: Parties): Comparison {
  const { active, candidate } = parties;
  try {
    const other = judgeAgain(facts, active, candidate);
    const { change, verdicts } = compareDecisions(decision, other);
    return { digest: candidate.digest, result: change, action: other.action, verdicts, failure: null };
  } catch (error) {
    const failure = error instanceof PosternError ? error.code : 'POSTERN_E_INTERNAL';
    return withoutAnswer(parties, 'failed', failure);
  }
}

const withoutAnswer = (
  { candidate: { digest } }: Parties,
  result: 'failed' | 'dropped',
  failure: FailureCode | null,
): Comparison => ({ digest, result, action: null, verdicts: [], failure });
