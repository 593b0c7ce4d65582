// Parts of a message in; the texts that a model may read several of them as out, each with the way back to its parts.
import type { Finding, Part, PartKind } from '../../exchange/index.ts';
import type { TextSpan } from '../canonicalise/index.ts';
import { Borders } from './borders.ts';
import type { TextContext } from './finding.ts';

export interface PartSpan extends TextSpan {
  /** Index into the parts. */
  readonly part: number;
}

/** What of a part stands in a joined text. */
export interface Stretch {
  readonly part: number;
  readonly from: number;
  readonly text: string;
  /** Of the part. */
  readonly length: number;
}

/** What one voice says goes on in its next part; calls of tools are carried out one by one. */
const JOINED: ReadonlySet<PartKind> = new Set(['text', 'reasoning', 'refusal', 'tool_result']);
/** Values and names of their own. */
const APART: ReadonlySet<string> = new Set(['metadata', 'unknown_name']);
/** Split in a word, and between words. */
export const GLUES = ['', ' '];
/** More than anything looks beyond the end of a match. */
export const MARGIN = 64;

export class JoinedText {
  readonly text: string;
  readonly context: TextContext;
  readonly #stretches: readonly Stretch[];
  readonly #starts: readonly number[];

  constructor(stretches: readonly Stretch[], glue: string, first: TextContext) {
    const starts: number[] = [];
    let length = 0;
    for (const { text } of stretches) {
      starts.push(length);
      length += text.length + glue.length;
    }
    this.#stretches = stretches;
    this.#starts = starts;
    this.text = stretches.map(({ text }) => text).join(glue);
    const { origin, lane, kind } = first;
    this.context = { origin, lane, kind, ...(glue === '' ? { borders: new Borders(starts.slice(1)) } : {}) };
  }

  /** What a span covers of each part; empty where a part has been cut, and looks as it does not by itself. */
  place({ start, end }: TextSpan): readonly PartSpan[] {
    const places: PartSpan[] = [];
    for (let index = this.#find(start); index < this.#stretches.length; index += 1) {
      const [at = Infinity, stretch] = [this.#starts[index], this.#stretches[index]];
      if (stretch === undefined || at >= end) break;
      const place = placeIn(stretch, { start: start - at, end: end - at });
      if (place.start < place.end) places.push(place);
    }
    const [only, ...others] = places;
    return only !== undefined && others.length === 0 && this.#isAtCut(only) ? [] : places;
  }

  /** The part of a place that lies in one may stand in the text twice, at its beginning and at its end. */
  #isAtCut({ part, start, end }: PartSpan): boolean {
    const [first, last] = [this.#stretches[0], this.#stretches.at(-1)];
    const isBehind = first?.part === part && first.from > 0 && start < first.from + MARGIN;
    const isBefore = last?.part === part && isCutOff(last) && end > last.text.length - MARGIN;
    return isBehind || isBefore;
  }

  /** The stretch in which an offset lies. */
  #find(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** A match that goes on where a stretch was cut off is taken to go on to the end of its part. */
function placeIn(stretch: Stretch, { start, end }: TextSpan): PartSpan {
  const { part, from, text, length } = stretch;
  const isOpen = isCutOff(stretch) && end >= text.length;
  return {
    part,
    start: from + Math.max(0, start),
    end: isOpen ? length : from + Math.min(text.length, end),
  };
}

const isCutOff = ({ from, text, length }: Stretch): boolean => from + text.length < length;

interface Joining {
  /** How far a match can reach across a border: of long parts no more than their ends is joined. */
  readonly reach: number;
  /** What was found in each part by itself: a match that goes on in the next part may begin far before its end. */
  readonly findings: readonly Finding[];
}

/** Whether several parts are said with one voice; mostly each has its own, and nothing is to be joined. */
export function hasJoints(parts: readonly Part[]): boolean {
  const voices = new Set<string>();
  for (const part of parts) {
    const voice = part.text === '' ? null : voiceOf(part);
    if (voice === null) continue;
    if (voices.has(voice)) return true;
    voices.add(voice);
  }
  return false;
}

/** The cost is linear in the parts. */
export function* joinParts(parts: readonly Part[], { reach, findings }: Joining): Iterable<JoinedText> {
  if (parts.length < 2) return;
  const ends = findings.filter(({ part, end }) => end === parts[part]?.text.length);
  const openFrom = new Map(
    ends.toSorted((a, b) => b.start - a.start).map(({ part, start }) => [part, start]),
  );
  for (const group of groupByVoice(parts)) {
    const first = parts[group[0] ?? 0];
    if (first === undefined || group.length < 2) continue;
    const stretchable = group.map((part) => ({
      part,
      text: parts[part]?.text ?? '',
      openFrom: openFrom.get(part),
    }));
    for (const stretches of cutStretches(stretchable, reach + MARGIN))
      for (const glue of GLUES) yield new JoinedText(stretches, glue, first);
  }
}

function groupByVoice(parts: readonly Part[]): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, part] of parts.entries()) {
    const voice = part.text === '' ? null : voiceOf(part);
    if (voice === null) continue;
    const group = groups.get(voice);
    if (group === undefined) groups.set(voice, [index]);
    else group.push(index);
  }
  return groups.values();
}

/** Null for what stands by itself. A lane begins with its turn in a request, and with its choice in an answer, where choices are alternatives. */
export function voiceOf({
  turn,
  origin,
  lane,
  kind,
}: Pick<Part, 'turn' | 'origin' | 'lane' | 'kind'>): string | null {
  if (!JOINED.has(kind) || APART.has(lane)) return null;
  const [first = ''] = lane.split('.', 1);
  const choice = first === String(turn) ? '' : first;
  return `${origin} ${kind} ${choice} ${lane.slice(lane.lastIndexOf('.') + 1)}`;
}

interface Stretchable {
  readonly part: number;
  readonly text: string;
  /** Where a match begins that goes to the end of the part. */
  readonly openFrom: number | undefined;
}

function* cutStretches(parts: readonly Stretchable[], reach: number): Iterable<readonly Stretch[]> {
  let open: Stretch[] = [];
  for (const { part, text, openFrom = Infinity } of parts) {
    const { length } = text;
    const tail = Math.min(openFrom, length - reach);
    if (tail <= reach) {
      open.push({ part, from: 0, text, length });
      continue;
    }
    if (open.length > 0) yield [...open, { part, from: 0, text: text.slice(0, reach), length }];
    open = [{ part, from: tail, text: text.slice(tail), length }];
  }
  if (open.length > 1) yield open;
}
