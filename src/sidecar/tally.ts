// Comparisons in; how often the candidate in force differed, and in what, out. A new candidate is counted anew.
import type { Comparison, VerdictChange } from '../exchange/index.ts';
import { boundText } from '../gate/record/index.ts';

type Counted = VerdictChange & { count: number };

const MOST_DIFFERENCES = 256;

export interface TallyReport {
  /** Sides of exchanges by what became of them. */
  readonly sides: Readonly<Partial<Record<Comparison['result'], number>>>;
  /** What policies say with a code, where that changes. */
  readonly differences: readonly Readonly<Counted>[];
}

export class Tally {
  readonly digest: string;
  readonly #sides: Partial<Record<Comparison['result'], number>> = {};
  readonly #differences = new Map<string, Counted>();

  constructor(digest: string) {
    this.digest = digest;
  }

  add({ result, verdicts }: Comparison): void {
    this.#sides[result] = (this.#sides[result] ?? 0) + 1;
    for (const verdict of verdicts) if (verdict.change !== 'same') this.#count(verdict);
  }

  report(): TallyReport {
    return { sides: this.#sides, differences: [...this.#differences.values()] };
  }

  #count({ policy, code, change }: VerdictChange): void {
    const difference = { policy: boundText(policy), code: boundText(code), change };
    const key = JSON.stringify(difference);
    const known = this.#differences.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#differences.size < MOST_DIFFERENCES)
      this.#differences.set(key, { ...difference, count: 1 });
  }
}
