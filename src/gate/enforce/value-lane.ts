// Metadata of a streaming answer: whole values, each for itself, most of them said again in every event.
import { PosternError } from '../../exchange/index.ts';
import type { Inspector } from '../inspect/index.ts';
import type { Lane, LaneFinding, LaneIdentity, Said } from './lane.ts';

interface Value {
  readonly start: number;
  readonly end: number;
}

const MOST_VALUES = 4_096;

/** A value that was said before stands where it stood then, with what was found in it. */
export class ValueLane implements Lane {
  readonly identity: LaneIdentity;
  /** Values come whole. */
  readonly waitsForEnd = false;
  released = 0;
  readonly findings: LaneFinding[] = [];
  readonly #inspector: Inspector;
  readonly #values = new Map<string, Value>();
  #unread: { readonly text: string; readonly start: number }[] = [];
  #length = 0;
  #closed = false;

  constructor({ role, origin, lane, kind }: LaneIdentity, inspector: Inspector) {
    this.identity = { role, origin, lane, kind };
    this.#inspector = inspector;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get text(): string {
    return [...this.#values.keys()].join('\n');
  }

  /** No value goes on in the next event. */
  get safeEnd(): number {
    return this.#length;
  }

  append({ text }: Said): Value {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    if (this.#values.size === MOST_VALUES) {
      throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', 'The answer has too much metadata.');
    }
    const value = { start: this.#length, end: this.#length + text.length };
    this.#values.set(text, value);
    this.#unread.push({ text, start: value.start });
    this.#length = value.end + 1;
    return value;
  }

  inspect(): boolean {
    const before = this.findings.length;
    for (const { text, start } of this.#unread.splice(0)) {
      for (const found of this.#inspector.inspectText(text, this.identity)) {
        this.findings.push({ ...found, start: start + found.start, end: start + found.end });
      }
    }
    return this.findings.length > before;
  }

  close(): void {
    this.#closed = true;
  }
}
