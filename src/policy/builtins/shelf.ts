// Searches by what they were made of: those used last stay, within a limit of size.
import type { Result } from '../../lib/result.ts';

export class Shelf<T extends { readonly size: number }> {
  readonly #kept = new Map<string, T>();
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  find(key: string, make: () => Result<T, string>): Result<T, string> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      // The last one used is the last one to go.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return { ok: true, value: kept };
    }
    const made = make();
    if (made.ok) this.#keep(key, made.value);
    return made;
  }

  #keep(key: string, value: T): void {
    this.#kept.set(key, value);
    this.#size += value.size;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#size <= this.#limit) return;
      this.#kept.delete(oldest);
      this.#size -= size;
    }
  }
}
