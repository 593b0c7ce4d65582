// A text in, the same out for an engine that looks for an expression in it: every look is paid for.
import type { Meter } from './meter.ts';

/** Characters that a search for a plain text passes for the price of one look. */
const STRIDE = 16;

/**
 * To find all matches is quadratic for some expressions, such as `a.*b|a`, though to find one never is: so not the
 * length of the text is counted, but how often it is looked at.
 *
 * Not a class that extends String: while there is one, the engine of the language reads every text of the process, and so
 * every inspection, four times more slowly.
 */
export class MeteredText {
  /** The engine takes whatever says that it is a String, though its declaration says string. */
  readonly [Symbol.toStringTag] = 'String';
  readonly length: number;
  readonly #text: string;
  readonly #meter: Meter;

  constructor(text: string, meter: Meter) {
    this.length = text.length;
    this.#text = text;
    this.#meter = meter;
  }

  charCodeAt(index: number): number {
    this.#meter.spend(1);
    return this.#text.charCodeAt(index);
  }

  indexOf(wanted: string, from = 0): number {
    const found = this.#text.indexOf(wanted, from);
    const passed = (found === -1 ? this.#text.length : found) - from;
    this.#meter.spend(1 + Math.max(0, passed) / STRIDE);
    return found;
  }
}
