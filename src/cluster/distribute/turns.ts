// Work of namespaces in; each done in its turn, one at a time, out. Whoever asks much, or for long, waits for others, and they not for him.

export interface TurnsOptions {
  /** From when it is asked for. */
  readonly limitMs: number;
  /** From when it is begun, while somebody else waits. */
  readonly sharedMs: number;
}

interface Job {
  readonly begin: (signal: AbortSignal) => Promise<void>;
  readonly limit: AbortSignal;
}

/** In all, and of one namespace: more would only wait for their time to be over. */
const MOST_WAITING = 32;
const MOST_OF_ONE = 4;
/** So long whoever used up his time comes after all others. */
const SLOW_MS = 60_000;

export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Map<string, Job[]>();
  /** When each was last done. */
  readonly #served = new Map<string, number>();
  readonly #slow = new Map<string, number>();
  #running: { readonly namespace: string; readonly hurry: () => void } | null = null;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Null when too many wait already. The signal tells the work that its time is over. */
  take<T>(namespace: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> | null {
    const own = this.#waiting.get(namespace) ?? [];
    const isOwnRunning = this.#running?.namespace === namespace;
    if (own.length + Number(isOwnRunning) >= MOST_OF_ONE || this.#count() >= MOST_WAITING) return null;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const begin = (signal: AbortSignal): Promise<void> => work(signal).then(resolve, reject);
    this.#waiting.set(namespace, [...own, { begin, limit: AbortSignal.timeout(this.#options.limitMs) }]);
    if (this.#running === null) void this.#work();
    else if (!isOwnRunning) this.#running.hurry();
    return promise;
  }

  #count(): number {
    return [...this.#waiting.values()].reduce((sum, jobs) => sum + jobs.length, 0);
  }

  async #work(): Promise<void> {
    for (let namespace = this.#next(); namespace !== undefined; namespace = this.#next()) {
      const [job, ...others] = this.#waiting.get(namespace) ?? [];
      if (others.length === 0) this.#waiting.delete(namespace);
      else this.#waiting.set(namespace, others);
      if (job !== undefined) await this.#do(namespace, job);
    }
    this.#running = null;
  }

  async #do(namespace: string, { begin, limit }: Job): Promise<void> {
    const share = new AbortController();
    const startMs = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const hurry = (): void => {
      timer ??= setTimeout(() => share.abort(), startMs + this.#options.sharedMs - performance.now());
    };
    this.#running = { namespace, hurry };
    if (this.#waiting.size > Number(this.#waiting.has(namespace))) hurry();
    await begin(AbortSignal.any([limit, share.signal]));
    clearTimeout(timer);
    // Timers may come a moment early.
    this.#note(namespace, share.signal.aborted || performance.now() - startMs >= this.#options.sharedMs);
  }

  #note(namespace: string, isSlow: boolean): void {
    const now = performance.now();
    this.#served.delete(namespace);
    this.#served.set(namespace, now);
    if (isSlow) this.#slow.set(namespace, now + SLOW_MS);
    for (const [each, atMs] of this.#served) if (now - atMs > SLOW_MS) this.#served.delete(each);
    for (const [each, untilMs] of this.#slow) if (untilMs < now) this.#slow.delete(each);
  }

  /** Who has not been slow, and of those who has waited longest since he was last done. */
  #next(): string | undefined {
    const rank = (namespace: string): readonly [number, number] => [
      Number((this.#slow.get(namespace) ?? 0) > performance.now()),
      this.#served.get(namespace) ?? 0,
    ];
    const ranked = [...this.#waiting.keys()].map((namespace) => [namespace, ...rank(namespace)] as const);
    return ranked.sort((one, other) => one[1] - other[1] || one[2] - other[2])[0]?.[0];
  }
}
