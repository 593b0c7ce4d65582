// The segments of one held event and what has to go of their lanes in; edits that take it out of that event out.
import { PosternError, type ByteSpan, type Edit } from '../../exchange/index.ts';
import { encodeString } from '../decode/index.ts';
import type { Lane } from './lane.ts';
import type { Redaction } from './redactions.ts';

/** The stretch of a lane that one event carries. */
export interface Segment {
  readonly lane: Lane;
  readonly start: number;
  readonly end: number;
  readonly at: ByteSpan | null;
  readonly text: string;
}

/** In order and without overlaps. */
export type LaneRedactions = ReadonlyMap<Lane, readonly Redaction[]>;

/** The arguments of a tool call came in fragments that say nothing by themselves: there is nothing to put a mask on. */
export const isMaskable = (redactions: LaneRedactions): boolean =>
  ![...redactions].some(([{ identity }, spans]) => identity.kind === 'tool_call' && spans.length > 0);

/** Whether something would have to be masked that has gone, and was not masked as it went. */
export const isTooLate = (asked: LaneRedactions, obeyed: LaneRedactions): boolean =>
  [...asked].some(([lane, spans]) =>
    spans.some(({ start, end }) => {
      const gone = Math.min(end, lane.released);
      return start < gone && findUnmasked(obeyed.get(lane) ?? [], start) < gone;
    }),
  );

/** Whether something would have to be masked, or was, that the provider signed. */
export const isSigned = (asked: LaneRedactions, signed: ReadonlySet<string>): boolean =>
  [...asked].some(([{ identity }, spans]) => spans.length > 0 && signed.has(identity.lane));

/** The first offset from `at` on that none of the masks covers. */
const findUnmasked = (masks: readonly Redaction[], at: number): number =>
  masks.reduce((from, { start, end }) => (start <= from ? Math.max(from, end) : from), at);

export function planMasks(segments: readonly Segment[], redactions: LaneRedactions): Edit[] {
  return segments.flatMap((segment) => {
    const text = maskSegment(segment, redactions.get(segment.lane) ?? []);
    if (text === segment.text) return [];
    if (segment.at === null) throw new PosternError('POSTERN_E_CANNOT_EDIT');
    return [{ ...segment.at, replacement: encodeString(text) }];
  });
}

/** The mark stands where the forbidden text began; the segments it went on into just lose it. */
function maskSegment(segment: Segment, redactions: readonly Redaction[]): string {
  let text = '';
  let at = segment.start;
  for (const { start, end, code } of redactions) {
    if (end <= segment.start || start >= segment.end) continue;
    if (start >= segment.start) text += `${cut(segment, at, start)}[redacted:${code}]`;
    at = Math.min(end, segment.end);
  }
  return text + cut(segment, at, segment.end);
}

const cut = (segment: Segment, start: number, end: number): string =>
  segment.text.slice(start - segment.start, end - segment.start);
