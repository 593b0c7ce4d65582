// The texts that one evaluation is about in; views of them, and what searches may still cost, out.
import { canonicalise, type View } from '../../gate/canonicalise/index.ts';
import { SearchFuel } from './search-fuel.ts';
import type { Texts } from './text-source.ts';

/** Views are several times as large as their text: those of long texts are made anew each time. */
const KEPT_CHARACTERS = 65_536;
/** What it takes to make a search, which is kept for the next evaluation. */
const MAKING = 5_000;

export class Reading {
  readonly fuel: SearchFuel;
  readonly #views = new Map<string, readonly View[]>();
  readonly #searches = new Set<string>();
  #kept = 0;

  constructor(readable: Texts) {
    this.fuel = new SearchFuel(readable.reduce((sum, { text }) => sum + text.length, 0));
  }

  viewsOf(text: string): readonly View[] {
    const known = this.#views.get(text);
    if (known !== undefined) return known;
    const views = canonicalise(text);
    if (this.#kept + text.length <= KEPT_CHARACTERS) {
      this.#kept += text.length;
      this.#views.set(text, views);
    }
    return views;
  }

  /** Paid once in each evaluation, whether it had to be made or not: whether one passes must not depend on the last. */
  payForSearch(key: string): void {
    if (!this.#searches.has(key)) this.fuel.spend(MAKING);
    this.#searches.add(key);
  }
}
