// Chores that may be left undone in; done after the work of the moment, in a small share of the time, and never many at once.

export interface Chore {
  /** What waits with it in memory, roughly. */
  readonly bytes: number;
  /** Must not throw. */
  run(this: void): void;
}

interface SpareTimeLimits {
  readonly chores: number;
  readonly bytes: number;
}

/** Longest turn, unless one chore takes longer. */
const TURN_MS = 1;
/** After a turn exchanges have the thread to themselves for so many times as long. */
const REST = 4;

export class SpareTime implements Disposable {
  readonly #limits: SpareTimeLimits;
  readonly #chores: Chore[] = [];
  #bytes = 0;
  #isScheduled = false;
  #isOver = false;

  constructor(limits: SpareTimeLimits) {
    this.#limits = limits;
  }

  /** False when there is no room. One chore alone is never too large. */
  offer(chore: Chore): boolean {
    const { chores, bytes } = this.#limits;
    const isFull = this.#chores.length === chores || this.#bytes + chore.bytes > bytes;
    if (this.#isOver || (isFull && this.#chores.length > 0)) return false;
    this.#chores.push(chore);
    this.#bytes += chore.bytes;
    if (!this.#isScheduled) setImmediate(() => this.#takeTurn());
    this.#isScheduled = true;
    return true;
  }

  /** What waits is done now; nothing more is taken. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    while (this.#chores.length > 0) this.#runNext();
  }

  #takeTurn(): void {
    const startMs = performance.now();
    do this.#runNext();
    while (this.#chores.length > 0 && performance.now() - startMs < TURN_MS);
    this.#isScheduled = this.#chores.length > 0;
    const restMs = REST * (performance.now() - startMs);
    if (this.#isScheduled) setTimeout(() => this.#takeTurn(), restMs).unref();
  }

  #runNext(): void {
    const chore = this.#chores.shift();
    if (chore === undefined) return;
    this.#bytes -= chore.bytes;
    chore.run();
  }
}
