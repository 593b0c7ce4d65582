// What comes and goes in; a call out in the first quiet moment after it, when what it left in memory can be given back.

/** So long nothing is under way, and nothing was. */
const QUIET_MS = 2_000;
/** From one to the next. */
const REST_MS = 60_000;

/** V8 does not do it by itself; it stops the thread for some 40 ms. Nothing without `--expose-gc`, which the image sets. */
export const giveBackMemory = (): void =>
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });

export class QuietMoments implements Disposable {
  readonly #use: () => void;
  #underWay = 0;
  #lastMs = 0;
  #usedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  constructor(use: () => void) {
    this.#use = use;
  }

  get underWay(): number {
    return this.#underWay;
  }

  enter(): void {
    this.#underWay += 1;
  }

  leave(): void {
    this.#underWay -= 1;
    this.note();
  }

  /** Something was done that left something behind. */
  note(): void {
    this.#lastMs = performance.now();
    this.#timer ??= setTimeout(() => this.#look(), QUIET_MS).unref();
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #look(): void {
    const dueMs = Math.max(this.#lastMs + QUIET_MS, this.#usedAtMs + REST_MS);
    const waitMs = Math.ceil(dueMs - performance.now());
    if (this.#underWay > 0 || waitMs > 0) {
      this.#timer = setTimeout(() => this.#look(), Math.max(waitMs, QUIET_MS)).unref();
      return;
    }
    this.#timer = null;
    this.#use();
    this.#usedAtMs = performance.now();
  }
}
