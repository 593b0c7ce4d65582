// One lane of a streaming answer: its text so far, what detectors saw in it, and how far it is safe to show.
import type { Finding, Part } from '../../exchange/index.ts';
import type { Inspector } from '../inspect/index.ts';

export type LaneIdentity = Pick<Part, 'role' | 'origin' | 'lane' | 'kind' | 'name'>;

/** A finding in the coordinates of its lane. */
export type LaneFinding = Omit<Finding, 'part'>;

export class Lane {
  readonly identity: LaneIdentity;
  readonly #inspector: Inspector;
  readonly #pieces: string[] = [];
  #window = '';
  #length = 0;
  #closed = false;
  /** Where what may still become a match, or go on being one, begins. */
  #openFrom = 0;
  #findings = new Map<string, LaneFinding>();

  constructor(identity: LaneIdentity, inspector: Inspector) {
    this.identity = identity;
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

  append(text: string): void {
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
    const { lane, kind, origin } = this.identity;
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
    return this.#closed ? this.#length : this.#openFrom;
  }

  #findOpenEnd(base: number): number {
    let from = base + this.#inspector.findOpenEnd(this.#window, this.identity);
    for (const { start, end } of this.#findings.values())
      if (end === this.#length && start < from) from = start;
    return from;
  }
}
