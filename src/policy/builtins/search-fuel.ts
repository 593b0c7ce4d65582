// How long the texts of a message are in; how much they may be searched in one evaluation, told unit by unit, out.
import { PosternError } from '../../exchange/index.ts';
import type { Meter } from '../../gate/inspect/index.ts';

/** A unit takes 10 to 130 ns: this is stopped within some 50 ms. */
const BASE = 400_000;
/** Five expressions that find nothing, or one that matches. What needs more belongs into patterns. */
const PER_CHARACTER = 6;
/** Some half a second: longer texts are searched for less than that. */
const MOST = 4_000_000;

export class SearchFuel implements Meter {
  #left: number;

  constructor(characters: number) {
    this.#left = Math.min(MOST, BASE + PER_CHARACTER * characters);
  }

  /** @throws PosternError POSTERN_E_POLICY_FUEL when there is no more. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left >= 0) return;
    throw new PosternError('POSTERN_E_POLICY_FUEL', 'They searched texts for longer than they may.');
  }
}
