// A value from outside in; itself while it is one of the first so many, else `other`, out: metrics must stay bounded.
import { boundText } from './bounded.ts';

export class LabelSet {
  readonly #limit: number;
  readonly #admitted = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  admit(value: string): string {
    if (this.#admitted.size < this.#limit) this.#admitted.add(boundText(value));
    return this.lookUp(value);
  }

  lookUp(value: string): string {
    const text = boundText(value);
    return this.#admitted.has(text) ? text : 'other';
  }
}
