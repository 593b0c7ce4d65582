// What readers find in one body or event: parts, references, tools, and how much of it was understood.
import type { ByteSpan, Coverage, Origin, Part, Reference, Tool } from '../../../exchange/index.ts';
import type { DecodeFault } from '../codec.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Place } from './place.ts';
import { listLeaves, type JsonMember, type JsonNode, type JsonString } from '../json/index.ts';

/** For what stands outside every turn. */
const outside = (origin: Origin): Omit<Part, 'lane' | 'text' | 'at'> => ({
  turn: -1,
  role: '',
  origin,
  kind: 'text',
});

/** What a stream remembers from event to event. */
export interface StreamMemory {
  readonly calls: OpenCalls;
}

export class Collector {
  readonly parts: Part[] = [];
  readonly references: Reference[] = [];
  readonly tools: Tool[] = [];
  /** Names of tools by the id of their call, so that results can be named. */
  readonly toolNames = new Map<string, string>();
  /** Lanes that are signed as a whole, however many events they come in. */
  readonly signedLanes: string[] = [];
  readonly #body: Buffer;
  readonly #origin: Origin;
  readonly memory: StreamMemory | null;
  #fault: DecodeFault | null = null;
  #judged = 0;
  #opaque = 0;
  #unknownFields = 0;

  /** `origin` is who stands behind known fields outside of turns. */
  constructor(body: Buffer, origin: Origin, memory: StreamMemory | null = null) {
    this.#body = body;
    this.#origin = origin;
    this.memory = memory;
  }

  get coverage(): Coverage {
    return {
      bytes: this.#body.length,
      judged: this.#judged,
      opaque: this.#opaque,
      unknownFields: this.#unknownFields,
    };
  }

  /** Why the whole must not be taken for understood. */
  get fault(): DecodeFault | null {
    return this.#fault;
  }

  /** The first stands. */
  refuse(code: string, { start }: JsonNode): void {
    this.#fault ??= { code, offset: start };
  }

  bytesOf({ start, end }: JsonNode): Buffer {
    return this.#body.subarray(start, end);
  }

  countJudged(bytes: number): void {
    this.#judged += bytes;
  }

  countOpaque({ start, end }: JsonNode): void {
    this.#opaque += end - start;
  }

  /** Text that can be edited in place. `segment` is the last of its lane's name. */
  addText(node: JsonString, place: Place, segment: string = place.kind): void {
    this.#addString(node, place, { segment, at: { start: node.start, end: node.end } });
  }

  /** Text that cannot, because somebody signed it or repeats it elsewhere. */
  addSealed(node: JsonString, place: Place, segment: string = place.kind): void {
    this.#addString(node, place, { segment, at: null });
  }

  #addString(
    node: JsonString,
    place: Place,
    { segment, at }: { readonly segment: string; readonly at: Part['at'] },
  ): void {
    if (node.value === '') return;
    this.countJudged(node.end - node.start);
    this.parts.push({ ...place, lane: `${place.lane}.${segment}`, text: node.value, at });
  }

  /** Parts from this one on are signed as a whole: none of them can be edited. */
  sealFrom(first: number): void {
    for (const part of this.parts.splice(first)) this.parts.push({ ...part, at: null });
  }

  addMedia(node: JsonNode, place: Place, media: string): void {
    this.countOpaque(node);
    this.parts.push({ ...place, lane: `${place.lane}.media`, kind: 'media', text: '', at: null, media });
  }

  /** What was read elsewhere of a piece of this body that begins at `start`: its text stands there. */
  addWithin(start: number, inner: Collector): void {
    for (const part of inner.parts) {
      const { at } = part;
      this.parts.push({ ...part, at: at === null ? null : { start: at.start + start, end: at.end + start } });
    }
    this.#fault ??= inner.#fault;
    this.#judged += inner.#judged;
    this.#opaque += inner.#opaque;
    this.#unknownFields += inner.#unknownFields;
  }

  /** Text that stands in the body as it is, not as a JSON string: nothing can be put in its place by our edits. */
  addPlain(span: ByteSpan, text: string, part: Omit<Part, 'text' | 'at'>): void {
    if (text === '') return;
    this.countJudged(span.end - span.start);
    this.parts.push({ ...part, text, at: null });
  }

  addReference(kind: string, value: string, origin: Origin): void {
    this.references.push({ kind, value, origin });
  }

  /** Every text in a known field that is no turn's: identifiers, settings, schemas. */
  note(node: JsonNode): void {
    this.addLeaves([node], { ...outside(this.#origin), lane: 'metadata' });
  }

  /** Every text below: a string as it stands, more than one as a part that cannot be edited. */
  addLeaves(nodes: readonly JsonNode[], part: Omit<Part, 'text' | 'at'>): void {
    const [only] = nodes;
    if (nodes.length === 1 && only?.kind === 'string') return this.#addLeaf(only, part);
    const leaves = nodes.map(listLeaves);
    const text = leaves.flatMap(({ lines }) => lines).join('\n');
    if (text === '') return;
    for (const { bytes } of leaves) this.countJudged(bytes);
    this.parts.push({ ...part, text, at: null });
  }

  #addLeaf({ start, end, value }: JsonString, part: Omit<Part, 'text' | 'at'>): void {
    if (value === '') return;
    this.countJudged(end - start);
    this.parts.push({ ...part, text: value, at: { start, end } });
  }

  /** A field that no map knows: everything in it is text of unknown origin, its name too. */
  addUnknownField({ key, value }: JsonMember): void {
    this.#unknownFields += 1;
    // No client joins names, and streams say them again and again.
    this.addLeaves([key], { ...outside('unknown'), lane: 'unknown_name' });
    this.addUnknown(value);
  }

  countUnknownField(): void {
    this.#unknownFields += 1;
  }

  /** A block of a type that no map knows. */
  addUnknownBlock(node: JsonNode): void {
    this.#unknownFields += 1;
    this.addUnknown(node);
  }

  /** A known field of another type than it should have. */
  addUnknown(node: JsonNode): void {
    this.addLeaves([node], { ...outside('unknown'), lane: 'unknown' });
  }
}
