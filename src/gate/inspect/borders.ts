// Where parts meet in a text that is several, joined: a word may begin and end there, and may as well go on.

export class Borders {
  readonly #offsets: readonly number[];
  readonly #known: ReadonlySet<number>;

  /** In order. */
  constructor(offsets: readonly number[]) {
    this.#offsets = offsets;
    this.#known = new Set(offsets);
  }

  has(offset: number): boolean {
    return this.#known.has(offset);
  }

  /** Those behind an offset, at most so many. */
  after(offset: number, most: number): readonly number[] {
    let [low, high] = [0, this.#offsets.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#offsets[middle] ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#offsets.slice(low, low + most);
  }
}
