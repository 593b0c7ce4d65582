// Answers by key in; the same again for a while out. The oldest make room.

interface Answer<T> {
  readonly value: T;
  readonly endMs: number;
}

export class Remembered<T> {
  readonly #most: number;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer<T>>();

  constructor({ most, now }: { readonly most: number; readonly now: () => number }) {
    this.#most = most;
    this.#now = now;
  }

  get(key: string): T | undefined {
    const answer = this.#answers.get(key);
    return answer !== undefined && answer.endMs > this.#now() ? answer.value : undefined;
  }

  set(key: string, value: T, keptMs: number): void {
    this.#answers.delete(key);
    this.#answers.set(key, { value, endMs: this.#now() + keptMs });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#most && oldest !== undefined) this.#answers.delete(oldest);
  }
}
