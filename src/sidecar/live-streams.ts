// Streams under way in, in the order in which they began; the newest of them cut when there is no room for all.

/** Of the streams under way, at each look, at least one. */
const SHARE = 0.25;

export class LiveStreams {
  readonly #cuts = new Set<() => void>();

  /** `cut` ends the stream soon, and it then leaves. Returns how it leaves. */
  enlist(cut: () => void): () => void {
    this.#cuts.add(cut);
    return () => void this.#cuts.delete(cut);
  }

  cutNewest(): void {
    const newest = [...this.#cuts].slice(-Math.ceil(this.#cuts.size * SHARE));
    if (this.#cuts.size > 0) for (const cut of newest) cut();
  }
}
