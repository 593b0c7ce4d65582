// Bytes that all exchanges together may hold in memory, in; room for each of them, first come, first served, out.
import { PosternError } from '../../exchange/index.ts';

interface Waiter {
  readonly bytes: number;
  readonly admit: () => void;
}

export class ByteBudget {
  #free: number;
  readonly #waiting: Waiter[] = [];

  constructor(bytes: number) {
    this.#free = bytes;
  }

  get free(): number {
    return this.#free;
  }

  /** For one exchange. */
  open(): Room {
    return new Room(this);
  }

  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#free += bytes;
    for (
      let first = this.#waiting[0];
      first !== undefined && this.take(first.bytes);
      first = this.#waiting[0]
    ) {
      this.#waiting.shift();
      first.admit();
    }
  }

  /** Nobody overtakes. @throws PosternError POSTERN_E_OVERLOADED when it takes too long; the signal's reason. */
  async wait(bytes: number, patience: Patience): Promise<void> {
    if (this.#waiting.length === 0 && this.take(bytes)) return;
    const { signal, timeoutMs } = patience;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { bytes, admit: resolve };
    this.#waiting.push(waiter);
    const leave = (reason: unknown): void => {
      const place = this.#waiting.indexOf(waiter);
      if (place === -1) return;
      this.#waiting.splice(place, 1);
      reject(reason instanceof Error ? reason : new Error('gone'));
      this.give(0);
    };
    const gone = (): void => leave(signal.reason);
    const timer = setTimeout(() => leave(new PosternError('POSTERN_E_OVERLOADED')), timeoutMs);
    signal.addEventListener('abort', gone, { once: true });
    await promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
    });
  }
}

export interface Patience {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** What one exchange holds. */
export class Room {
  readonly #budget: ByteBudget;
  #held = 0;
  #base = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Waits its turn for what is announced. @throws as `ByteBudget.wait`. */
  async reserve(bytes: number, patience: Patience): Promise<void> {
    await this.#budget.wait(bytes, patience);
    this.#held += bytes;
  }

  /** Whether there is room for so many bytes of what is being read, and takes it. Who waited here would hold what others wait for. */
  cover(size: number): boolean {
    const missing = this.#base + size - this.#held;
    if (missing <= 0) return true;
    if (!this.#budget.take(missing)) return false;
    this.#held += missing;
    return true;
  }

  /** What is read from now on comes on top. */
  next(): void {
    this.#base = this.#held;
  }

  release(): void {
    this.#budget.give(this.#held);
    this.#held = 0;
    this.#base = 0;
  }
}
