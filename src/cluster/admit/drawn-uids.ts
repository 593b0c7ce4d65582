// Chance and a clock in; uids for sidecars, remembered for as long as one admission can take, out.
import type { ReviewUids, Uids } from './uid.ts';

/** The longest time-out that a webhook can have. */
const REMEMBERED_MS = 30_000;
const MOST = 16_384;

export class DrawnUids implements ReviewUids {
  readonly #random: (first: number, last: number) => number;
  readonly #now: () => number;
  /** Uid -> when it was drawn, the eldest first. */
  readonly #drawn = new Map<number, number>();

  readonly passing: Uids = { draw: (first, last) => this.#random(first, last), isOurs: () => false };

  constructor(random: (first: number, last: number) => number, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  draw(first: number, last: number): number {
    const uid = this.#random(first, last);
    this.#drawn.delete(uid);
    this.#drawn.set(uid, this.#now());
    this.#forget();
    return uid;
  }

  isOurs(uid: number): boolean {
    this.#forget();
    return this.#drawn.has(uid);
  }

  #forget(): void {
    for (const [uid, at] of this.#drawn) {
      if (this.#drawn.size <= MOST && this.#now() - at <= REMEMBERED_MS) return;
      this.#drawn.delete(uid);
    }
  }
}
