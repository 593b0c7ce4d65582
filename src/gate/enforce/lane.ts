// One lane of a streaming answer: its text so far, what detectors saw in it, and how far it is safe to show.
import { PosternError, type Finding, type Part } from '../../exchange/index.ts';
import { voiceOf, type Inspector, type StreamWait, type TextFinding } from '../inspect/index.ts';

export type LaneIdentity = Pick<Part, 'role' | 'origin' | 'lane' | 'kind' | 'name' | 'arguments'>;

/** A finding in the coordinates of its lane. */
export type LaneFinding = Omit<Finding, 'part'>;

/** What the gate asks of a lane. Offsets are UTF-16 units of its text. */
export interface Lane {
  readonly identity: LaneIdentity;
  readonly closed: boolean;
  readonly text: string;
  /** Whether nothing of it goes before its end, so that policies are asked about it once more there. */
  readonly waitsForEnd: boolean;
  /** What stands before it has gone. */
  released: number;
  readonly findings: Iterable<LaneFinding>;
  /** Text before this offset can be part of no match that is still to come, and of none that is still growing. */
  readonly safeEnd: number;
  /** Where the text of the delta stands. */
  append(delta: Said): { readonly start: number; readonly end: number };
  /** Whether anything was seen that was not seen before. */
  inspect(): boolean;
  close(): void;
}

export type Said = Pick<Part, 'text' | 'name' | 'arguments'>;

/** Most answers that go wrong show it when they begin: until so much of a lane was read, no detector may lag. */
const FIRST_WINDOW = 256;

/** A text that clients join together from what events bring. */
export class TextLane implements Lane {
  released = 0;
  /** Whose text may go on in another lane; null for what stands by itself. */
  readonly voice: string | null;
  #identity: LaneIdentity;
  readonly #inspector: Inspector;
  readonly #wait: StreamWait;
  readonly #pieces: string[] = [];
  #window = '';
  /** Values of fields that no map knows: whether a client joins them is not known either, so each is read alone too. */
  #alone: { readonly start: number; readonly text: string }[] = [];
  #length = 0;
  #closed = false;
  /** Where what may still become a match, or go on being one, begins. */
  #openFrom = 0;
  #findings = new Map<string, LaneFinding>();

  constructor(identity: LaneIdentity, inspector: Inspector) {
    const { role, origin, lane, kind } = identity;
    this.#identity = { role, origin, lane, kind };
    this.voice = voiceOf({ ...this.#identity, turn: 0 });
    this.#inspector = inspector;
    this.#wait = inspector.waitFor(this.#identity);
  }

  get waitsForEnd(): boolean {
    return this.#identity.kind === 'tool_call' || this.#wait.kind === 'strict';
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
  append({ text, name, arguments: values }: Said): { readonly start: number; readonly end: number } {
    if (this.#closed && text !== '') {
      throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', 'A text went on after its end.');
    }
    const start = this.#length;
    if (name !== undefined) this.#identity = { ...this.#identity, name };
    if (values !== undefined) this.#identity = { ...this.#identity, arguments: values };
    this.#pieces.push(text);
    this.#length += text.length;
    this.#window += text;
    if (this.#identity.lane === 'unknown') this.#alone.push({ start, text });
    return { start, end: this.#length };
  }

  close(): void {
    this.#closed = true;
  }

  /** At its end, in UTF-16 units: what may still become a match, or go on being one. */
  get openUnits(): number {
    return this.#length - this.#openFrom;
  }

  /** So much at its end may still become a match, as its voice knows: with what was said before it, and after its end. */
  hold(units: number): void {
    const from = Math.max(0, this.#length - units);
    this.#openFrom = this.#closed ? from : Math.min(this.#openFrom, from);
  }

  /** Reads what is new, with as much before it as one match can span. Cost: O(new + reach). */
  inspect(): boolean {
    const base = this.#length - this.#window.length;
    const { findings, openEnd } = this.#inspector.readWindow(this.#window, this.#identity);
    let news = this.#rememberAll(findings, base);
    for (const { start, text } of this.#alone.splice(0))
      news = this.#rememberAll(this.#inspector.inspectText(text, this.#identity), start) || news;
    this.#openFrom = this.#findOpenEnd(base + openEnd);
    const kept = Math.min(this.#openFrom, Math.max(base, this.#length - this.#inspector.reach));
    this.#window = this.#window.slice(kept - base);
    return news;
  }

  #rememberAll(findings: readonly TextFinding[], base: number): boolean {
    let news = false;
    for (const found of findings)
      news = this.remember({ ...found, start: base + found.start, end: base + found.end }) || news;
    return news;
  }

  /** Whether it is new. A match that grows as text arrives keeps its place and takes its new end. */
  remember(finding: LaneFinding): boolean {
    const key = `${finding.code}@${finding.start}`;
    const known = this.#findings.get(key);
    if (known !== undefined && known.end >= finding.end) return false;
    const shown = known?.shown ?? Math.max(0, Math.min(this.released, finding.end) - finding.start);
    this.#findings.set(key, shown === 0 ? finding : { ...finding, shown });
    return true;
  }

  get safeEnd(): number {
    if (this.#closed && this.voice === null) return this.#length;
    if (!this.#closed && this.waitsForEnd) return 0;
    const lag = this.#wait.kind === 'lag' && this.#length >= FIRST_WINDOW ? this.#wait.units : 0;
    return Math.min(this.#length, this.#openFrom + lag);
  }

  #findOpenEnd(openEnd: number): number {
    let from = openEnd;
    for (const { start, end } of this.#findings.values())
      if (end === this.#length && start < from) from = start;
    return from;
  }
}
