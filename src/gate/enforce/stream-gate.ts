// Events of a streaming answer in; those whose every byte was judged out. What may still become a match is held.
import {
  isRefusal,
  PosternError,
  type Coverage,
  type Decision,
  type Part,
  type Tool,
  type Usage,
} from '../../exchange/index.ts';
import type { Delta, StreamEvent } from '../decode/index.ts';
import { spliceEdits } from '../decode/index.ts';
import type { Inspector } from '../inspect/index.ts';
import { TextLane, type Lane, type LaneFinding } from './lane.ts';
import { isMaskable, isSigned, isTooLate, planMasks, type LaneRedactions, type Segment } from './mask.ts';
import { planRedactions } from './redactions.ts';
import type { Judgement } from './settle.ts';
import { ValueLane } from './value-lane.ts';
import { Voices } from './voices.ts';

/** What the gate knows of an answer that is still arriving. Lanes take the place of parts. */
export interface StreamFacts {
  readonly partial: boolean;
  readonly model: string;
  readonly parts: readonly Part[];
  readonly tools: readonly Tool[];
  readonly findings: ReadonlyArray<LaneFinding & { readonly part: number }>;
  readonly usage: Usage;
  readonly finishReasons: readonly string[];
  readonly coverage: Coverage;
}

export interface GateOptions {
  readonly inspector: Inspector;
  /** Hold everything until the end: some policy reads the text itself. */
  readonly holdAll: boolean;
  readonly heldBytes: number;
  /** Most text of the whole answer, in UTF-16 units: all of it is kept, for the verdict on the whole. */
  readonly textUnits: number;
  judge(facts: StreamFacts): Judgement;
}

export type GateStep =
  | { readonly kind: 'release'; readonly events: readonly StreamEvent[] }
  /** `isLate`: the decision asks for a mask, and something of what it would cover has gone, or was signed. */
  | { readonly kind: 'refuse'; readonly decision: Decision; readonly isLate: boolean };

/** Policies may also set limits to length: they are asked at least once in so many UTF-16 units. */
const JUDGE_EVERY = 1_024;

const METADATA = 'metadata';
/** Their texts come whole. */
const VALUES = new Set([METADATA, 'unknown_name']);

interface Held {
  readonly event: StreamEvent;
  readonly segments: readonly Segment[];
}

export class StreamGate {
  readonly #options: GateOptions;
  readonly #lanes = new Map<string, Lane>();
  #voices: Voices;
  readonly #queue: Held[] = [];
  readonly #signed = new Set<string>();
  #judgement: Judgement | null = null;
  /** What the last judgement asks for. A finding that is new is judged before anything goes out. */
  #redactions: LaneRedactions = new Map();
  /** Something a policy may have a say on has happened: a finding, a new lane, a tool call that is complete. */
  #due = false;
  /** UTF-16 units that arrived since the last judgement. */
  #unjudged = 0;
  #textUnits = 0;
  #ended = false;
  #edited = false;
  #heldBytes = 0;
  #coverage: Coverage = { bytes: 0, judged: 0, opaque: 0, unknownFields: 0 };
  #model = '';
  #usage: Usage = {};
  #finishReasons: string[] = [];
  readonly #tools = new Map<string, Tool>();

  constructor(options: GateOptions) {
    this.#options = options;
    this.#voices = new Voices(options.inspector);
  }

  /** The last judgement, of the whole answer once the stream has ended. */
  get judgement(): Judgement | null {
    return this.#judgement;
  }

  get facts(): StreamFacts {
    return this.#describe();
  }

  /** Bytes in memory: events that wait for their verdict, and the text so far, two for each unit. */
  get weight(): number {
    return this.#heldBytes + 2 * this.#textUnits;
  }

  /** Whether anything was masked. */
  get edited(): boolean {
    return this.#edited;
  }

  /** @throws PosternError POSTERN_E_UPSTREAM_RESPONSE when more would have to be held than the limit. */
  push(events: readonly StreamEvent[]): GateStep {
    const grown = new Set<Lane>();
    for (const event of events) this.#take(event, grown);
    for (const lane of grown) this.#due = lane.inspect() || this.#due;
    this.#due = this.#voices.inspect() || this.#due;
    return this.#due || this.#unjudged >= JUDGE_EVERY ? this.#judgeAndRelease() : this.#release();
  }

  /** The upstream has said all it had to say: everything is judged once more as a whole, then let go. */
  end(): GateStep {
    this.#ended = true;
    for (const lane of this.#lanes.values()) lane.close();
    return this.#judgeAndRelease();
  }

  /** Lets go of all that is held: nothing of it will go out. */
  drop(): void {
    this.#queue.length = 0;
    this.#lanes.clear();
    this.#voices = new Voices(this.#options.inspector);
    this.#heldBytes = 0;
    this.#textUnits = 0;
  }

  #take(event: StreamEvent, grown: Set<Lane>): void {
    this.#coverage = addCoverage(this.#coverage, event.coverage);
    this.#heldBytes += event.data.length;
    if (this.#heldBytes > this.#options.heldBytes) {
      throw new PosternError(
        'POSTERN_E_UPSTREAM_RESPONSE',
        'More had to be held back than held_bytes allows.',
      );
    }
    this.#queue.push({ event, segments: event.deltas.map((delta) => this.#appendDelta(delta, grown)) });
    for (const name of event.closes) this.#closeLane(name);
    for (const name of event.signs ?? []) this.#signLane(name);
    this.#note(event);
  }

  /** What was masked may have been signed with it: that is to be decided before the signature goes. */
  #signLane(name: string): void {
    this.#signed.add(name);
    this.#due = true;
  }

  #closeLane(name: string): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined || lane.closed) return;
    lane.close();
    this.#due ||= lane.waitsForEnd;
  }

  #appendDelta(delta: Delta, grown: Set<Lane>): Segment {
    const lane = this.#laneOf(delta);
    const { again } = delta;
    // Judged where it was said first, and masked as it is there.
    if (again !== undefined)
      return { lane, start: again, end: again + delta.text.length, at: delta.at, text: delta.text };
    const { start, end } = lane.append(delta);
    if (lane instanceof TextLane) this.#voices.speak(lane, delta.text, start);
    if (!VALUES.has(delta.lane)) this.#noteLength(end - start);
    grown.add(lane);
    return { lane, start, end, at: delta.at, text: delta.text };
  }

  #noteLength(units: number): void {
    this.#unjudged += units;
    this.#textUnits += units;
    if (this.#textUnits > this.#options.textUnits) {
      throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', 'The answer is longer than body_bytes allows.');
    }
  }

  #laneOf(delta: Delta): Lane {
    const known = this.#lanes.get(delta.lane);
    if (known !== undefined) return known;
    const lane = new (VALUES.has(delta.lane) ? ValueLane : TextLane)(delta, this.#options.inspector);
    this.#lanes.set(delta.lane, lane);
    this.#due = true;
    return lane;
  }

  #note(event: StreamEvent): void {
    for (const tool of event.tools ?? []) this.#noteTool(tool);
    if (event.model !== undefined && event.model !== '') this.#model = event.model;
    if (event.usage !== undefined) this.#usage = { ...this.#usage, ...event.usage };
    if (event.finishReasons !== undefined) this.#finishReasons.push(...event.finishReasons);
  }

  #noteTool(tool: Tool): void {
    const key = JSON.stringify(tool);
    if (this.#tools.has(key)) return;
    this.#tools.set(key, tool);
    this.#due = true;
  }

  #judgeAndRelease(): GateStep {
    const judgement = this.#options.judge(this.#describe());
    this.#judgement = judgement;
    this.#due = false;
    this.#unjudged = 0;
    const { decision } = judgement;
    if (isRefusal(decision.action)) return { kind: 'refuse', decision, isLate: false };
    const redactions = this.#placeRedactions(judgement);
    if (!isMaskable(redactions)) throw new PosternError('POSTERN_E_CANNOT_EDIT');
    if (isTooLate(redactions, this.#redactions) || isSigned(redactions, this.#signed))
      return { kind: 'refuse', decision, isLate: true };
    this.#redactions = redactions;
    return this.#release();
  }

  /** @throws PosternError POSTERN_E_CANNOT_EDIT for spans of a text of which some may have gone. */
  #placeRedactions({ facts, decision: { obligations } }: Judgement): LaneRedactions {
    if (!this.#options.holdAll && obligations.some(({ kind }) => kind === 'redact_spans'))
      throw new PosternError('POSTERN_E_CANNOT_EDIT');
    const planned = planRedactions(facts.findings, obligations);
    return new Map([...this.#lanes.values()].map((lane, part) => [lane, planned.get(part) ?? []]));
  }

  #release(): GateStep {
    let count = 0;
    while (count < this.#queue.length && this.#isSafe(this.#queue[count])) count += 1;
    const released = this.#queue.splice(0, count);
    for (const { event, segments } of released) {
      this.#heldBytes -= event.data.length;
      for (const { lane, end } of segments) lane.released = Math.max(lane.released, end);
    }
    return { kind: 'release', events: released.map((held) => this.#mask(held)) };
  }

  #isSafe(held: Held | undefined): boolean {
    if (held === undefined) return false;
    if (this.#ended) return true;
    if (held.event.role === 'terminal' || this.#options.holdAll) return false;
    return held.segments.every(({ lane, end }) =>
      // Its fragments add nothing to its text, so they end where it began.
      lane.identity.kind === 'tool_call' ? lane.closed : end <= lane.safeEnd,
    );
  }

  /** @throws PosternError POSTERN_E_CANNOT_EDIT when what must be masked has no literal of its own. */
  #mask(held: Held): StreamEvent {
    const edits = planMasks(held.segments, this.#redactions);
    if (edits.length === 0) return held.event;
    this.#edited = true;
    return { ...held.event, data: spliceEdits(held.event.data, edits) };
  }

  #describe(): StreamFacts {
    const lanes = [...this.#lanes.values()];
    const parts = lanes.map((lane): Part => ({ ...lane.identity, turn: 0, text: lane.text, at: null }));
    const findings = lanes.flatMap((lane, part) =>
      [...lane.findings].map((finding) => ({ ...finding, part })),
    );
    return {
      partial: !this.#ended,
      model: this.#model,
      parts,
      tools: [...this.#tools.values()],
      findings,
      usage: this.#usage,
      finishReasons: this.#finishReasons,
      coverage: this.#coverage,
    };
  }
}

const addCoverage = (a: Coverage, b: Coverage): Coverage => ({
  bytes: a.bytes + b.bytes,
  judged: a.judged + b.judged,
  opaque: a.opaque + b.opaque,
  unknownFields: a.unknownFields + b.unknownFields,
});
