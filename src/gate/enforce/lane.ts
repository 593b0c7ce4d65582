// One lane of a streaming answer: its text so far, what detectors saw in it, and how far it is safe to show.
import type { Finding, Part } from '../../exchange/index.ts';
import type { Inspector } from '../inspect/index.ts';

export type LaneIdentity = Pick<Part, 'role' | 'origin' | 'lane' | 'kind' | 'name' | 'arguments'>;

/** A finding in the coordinates of its lane. */
export type LaneFinding = Omit<Finding, 'part'>;

export class Lane {
  #identity: LaneIdentity;
  readonly #inspector: Inspector;
  readonly #pieces: string[] = [];
  #window = '';
  #length = 0;
  #closed = false;
  /** Where what may still become a match, or go on being one, begins. */
  #openFrom = 0;
  #findings = new Map<string, LaneFinding>();

  constructor(identity: LaneIdentity, inspector: Inspector) {
    const { role, origin, lane, kind } = identity;
    this.#identity = { role, origin, lane, kind };
    this.#inspector = inspector;
  }

  get length(): number {
    return this.#length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get text(): string {
    return this.#pieces.join('');
  }

  get findings(): Iterable<LaneFinding> {
    return this.#findings.values();
  }

  get identity(): LaneIdentity {
    return this.#identity;
  }

  /** The name and the arguments of a tool call may come late. */
  append({ text, name, arguments: values }: Pick<Part, 'text' | 'name' | 'arguments'>): void {
    if (name !== undefined) this.#identity = { ...this.#identity, name };
    if (values !== undefined) this.#identity = { ...this.#identity, arguments: values };
    this.#pieces.push(text);
    this.#length += text.length;
    this.#window += text;
  }

  close(): void {
    this.#closed = true;
  }

  /**
   * Inspects what is new, with as much before it as one match can span. Cost: O(new + reach).
   * Returns whether anything was seen that was not seen before.
   */
  inspect(): boolean {
    const base = this.#length - this.#window.length;
    const { lane, kind, origin } = this.#identity;
    let news = false;
    for (const found of this.#inspector.inspectText(this.#window, { lane, kind, origin })) {
      const finding = { ...found, start: base + found.start, end: base + found.end };
      news = this.#remember(finding) || news;
    }
    this.#openFrom = this.#findOpenEnd(base);
    const kept = Math.min(this.#openFrom, Math.max(base, this.#length - this.#inspector.reach));
    this.#window = this.#window.slice(kept - base);
    return news;
  }

  /** A match that grows as text arrives keeps its place and takes its new end. */
  #remember(finding: LaneFinding): boolean {
    const key = `${finding.code}@${finding.start}`;
    const known = this.#findings.get(key);
    if (known !== undefined && known.end >= finding.end) return false;
    this.#findings.set(key, finding);
    return true;
  }

  /** Text before this offset can be part of no match that is still to come, and of none that is still growing. */
  get safeEnd(): number {
    return this.#closed || this.#isOfWholes ? this.#length : this.#openFrom;
  }

  /** Metadata comes as whole values, each for itself: none goes on in the next event. */
  get #isOfWholes(): boolean {
    return this.#identity.lane === 'metadata';
  }

  #findOpenEnd(base: number): number {
    let from = base + this.#inspector.findOpenEnd(this.#window, this.#identity);
    for (const { start, end } of this.#findings.values())
      if (end === this.#length && start < from) from = start;
    return from;
  }
}
