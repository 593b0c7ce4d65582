// The texts that one evaluation is about in; views of them, and what searches may still cost, out.
import { canonicalise, type View } from '../../gate/canonicalise/index.ts';
import { SearchFuel } from './search-fuel.ts';
import type { Texts } from './text-source.ts';

export class Reading {
  readonly fuel: SearchFuel;
  /** To make searches is no cheaper for being asked about long texts. */
  readonly #making = new SearchFuel(0);
  readonly #views = new Map<string, readonly View[]>();
  readonly #searches = new Set<string>();

  constructor(readable: Texts) {
    this.fuel = new SearchFuel(readable.reduce((sum, { text }) => sum + text.length, 0));
  }

  /** Made once: for some texts that takes longer than everything else. */
  viewsOf(text: string): readonly View[] {
    const known = this.#views.get(text);
    if (known !== undefined) return known;
    this.fuel.spend(text.length);
    const views = canonicalise(text);
    this.#views.set(text, views);
    return views;
  }

  /** Paid once in each evaluation, whether it had to be made or not: whether one passes must not depend on the last. */
  payForSearch(key: string, price: number): void {
    if (this.#searches.has(key)) return;
    this.#searches.add(key);
    this.#making.spend(price);
  }
}
