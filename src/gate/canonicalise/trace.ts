// Units of a derived text pushed one by one, each with the place it came from; a text with its way back comes out.
import { Buffer } from 'node:buffer';
import type { TextSpan } from './view.ts';

/** A derived text and, for each of its units (and its end), the offset in the source. */
export interface TracedText {
  readonly text: string;
  readonly from: () => Uint32Array;
}

/** Made when it is first asked for. */
export const remember = <T extends object>(make: () => T): (() => T) => {
  let made: T | null = null;
  return () => (made ??= make());
};

/** One source unit can become several, so the end is the next place that differs from the last unit's. */
export const findSource = (from: Uint32Array, start: number, end: number): TextSpan => {
  const first = from[start] ?? 0;
  const last = from[Math.max(start, end - 1)] ?? first;
  let next = end;
  while (next < from.length - 1 && (from[next] ?? 0) <= last) next += 1;
  return { start: first, end: Math.max(from[next] ?? last, first) };
};

export class Trace {
  #units: Uint16Array;
  #from: Uint32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#units = new Uint16Array(capacity);
    this.#from = new Uint32Array(capacity + 1);
  }

  get last(): number {
    return this.#length === 0 ? -1 : (this.#units[this.#length - 1] ?? -1);
  }

  /** Where the last unit came from; -1 where there is none. */
  get lastSource(): number {
    return this.#length === 0 ? -1 : (this.#from[this.#length - 1] ?? -1);
  }

  push(unit: number, source: number): void {
    if (this.#length === this.#units.length) this.#grow();
    this.#units[this.#length] = unit;
    this.#from[this.#length] = source;
    this.#length += 1;
  }

  pushAll(units: string, source: number): void {
    for (let i = 0; i < units.length; i += 1) this.push(units.charCodeAt(i), source);
  }

  /** Takes the last unit back, and tells where it came from. */
  pop(): number {
    this.#length -= 1;
    return this.#from[this.#length] ?? 0;
  }

  finish(sourceEnd: number): TracedText {
    this.#from[this.#length] = sourceEnd;
    const bytes = Buffer.from(this.#units.buffer, 0, this.#length * 2);
    const from = this.#from.subarray(0, this.#length + 1);
    return { text: bytes.toString('utf16le'), from: () => from };
  }

  #grow(): void {
    const capacity = this.#units.length * 2 + 16;
    const units = new Uint16Array(capacity);
    const from = new Uint32Array(capacity + 1);
    units.set(this.#units);
    from.set(this.#from);
    this.#units = units;
    this.#from = from;
  }
}
