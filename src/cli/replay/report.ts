// Replayed decisions in; how many change, in what, and which, out. It stays small, whatever the log holds.
import type { Change, VerdictChange } from '../../exchange/index.ts';
import type { RecordedSide } from './read-entry.ts';
import type { Replayed } from './replay-side.ts';

export type Result = Replayed['result'];

export const RESULTS: readonly Result[] = [
  'same',
  'newly_denied',
  'newly_allowed',
  'other_action',
  'other_reasons',
  'failed',
  'undecided',
];

export const CHANGES: readonly Change[] = ['same', 'newly_denied', 'newly_allowed', 'other_action'];

export type CodeCounts = { readonly policy: string; readonly code: string } & Record<Change, number>;

export interface ChangedSide {
  readonly decision_id: string;
  readonly phase: string;
  readonly line: number;
  readonly result: Result;
  readonly before: string;
  readonly after: string;
  /** What changes, each `<change>:<policy>:<code>`. */
  readonly reasons: readonly string[];
}

/** Policies that cannot be decided, by what they may read that the log does not hold. */
export interface Undecidable {
  readonly policy: string;
  readonly fields: readonly string[];
  sides: number;
}

const MOST_ROWS = 1_000;

export class Report {
  readonly sides: Record<Result, number> = {
    same: 0,
    newly_denied: 0,
    newly_allowed: 0,
    other_action: 0,
    other_reasons: 0,
    failed: 0,
    undecided: 0,
  };
  readonly changed: ChangedSide[] = [];
  changedLeftOff = 0;
  readonly #mostChanged: number;
  readonly #codes = new Map<string, CodeCounts>();
  readonly #undecidable = new Map<string, Undecidable>();

  constructor(mostChanged: number) {
    this.#mostChanged = mostChanged;
  }

  get codes(): readonly CodeCounts[] {
    return [...this.#codes.values()];
  }

  get undecidable(): readonly Undecidable[] {
    return [...this.#undecidable.values()];
  }

  add(side: RecordedSide, line: number, replayed: Replayed): void {
    this.sides[replayed.result] += 1;
    for (const verdict of replayed.verdicts) this.#countCode(verdict);
    for (const [policy, fields] of replayed.undecidable) this.#countUndecidable(policy, fields);
    if (isDifference(replayed.result)) this.#name(side, line, replayed);
  }

  #name({ decisionId, phase }: RecordedSide, line: number, replayed: Replayed): void {
    if (this.changed.length === this.#mostChanged) {
      this.changedLeftOff += 1;
      return;
    }
    const { result, before, after, verdicts } = replayed;
    const reasons = verdicts
      .filter(({ change }) => change !== 'same')
      .map(({ policy, code, change }) => `${change}:${policy}:${code}`);
    this.changed.push({ decision_id: decisionId, phase, line, result, before, after, reasons });
  }

  #countCode({ policy, code, change }: VerdictChange): void {
    const key = JSON.stringify([policy, code]);
    const isKept = this.#codes.has(key) || this.#codes.size < MOST_ROWS;
    const name = isKept ? { policy, code } : { policy: 'other', code: 'other' };
    const counts = this.#codes.get(isKept ? key : '') ?? {
      ...name,
      same: 0,
      newly_denied: 0,
      newly_allowed: 0,
      other_action: 0,
    };
    counts[change] += 1;
    this.#codes.set(isKept ? key : '', counts);
  }

  #countUndecidable(policy: string, fields: readonly string[]): void {
    const key = JSON.stringify([policy, fields]);
    const known = this.#undecidable.get(key);
    if (known !== undefined) known.sides += 1;
    else if (this.#undecidable.size < MOST_ROWS) this.#undecidable.set(key, { policy, fields, sides: 1 });
  }
}

export const isDifference = (result: Result): boolean => result !== 'same' && result !== 'undecided';
