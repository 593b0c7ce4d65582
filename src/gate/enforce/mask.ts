// The segments of one held event and the obligations in; edits that take forbidden text out of that event out.
import { PosternError, type ByteSpan, type Edit, type Obligation } from '../../exchange/index.ts';
import { encodeString } from '../decode/index.ts';
import type { Lane, LaneFinding } from './lane.ts';

/** The stretch of a lane that one event carries. */
export interface Segment {
  readonly lane: Lane;
  readonly start: number;
  readonly end: number;
  readonly at: ByteSpan | null;
  readonly text: string;
}

const codesToMask = (obligations: readonly Obligation[]): ReadonlySet<string> =>
  new Set(obligations.flatMap((item) => (item.kind === 'redact' ? item.codes : [])));

/** The arguments of a tool call came in fragments that say nothing by themselves: there is nothing to put a mask on. */
export function isMaskable({ identity, findings }: Lane, obligations: readonly Obligation[]): boolean {
  if (identity.kind !== 'tool_call') return true;
  const codes = codesToMask(obligations);
  return ![...findings].some(({ code }) => codes.has(code));
}

export function planMasks(segments: readonly Segment[], obligations: readonly Obligation[]): Edit[] {
  const codes = codesToMask(obligations);
  if (codes.size === 0) return [];
  return segments.flatMap((segment) => {
    const text = maskSegment(segment, codes);
    if (text === segment.text) return [];
    if (segment.at === null) throw new PosternError('POSTERN_E_CANNOT_EDIT');
    return [{ ...segment.at, replacement: encodeString(text) }];
  });
}

/** The mark stands where the forbidden text began; the segments it went on into just lose it. */
function maskSegment(segment: Segment, codes: ReadonlySet<string>): string {
  let text = '';
  let at = segment.start;
  for (const { start, end, code } of overlapping(segment, codes)) {
    if (start >= segment.start && start >= at) text += cut(segment, at, start) + `[redacted:${code}]`;
    at = Math.max(at, Math.min(end, segment.end));
  }
  return text + cut(segment, at, segment.end);
}

const cut = (segment: Segment, start: number, end: number): string =>
  segment.text.slice(start - segment.start, end - segment.start);

function overlapping(segment: Segment, codes: ReadonlySet<string>): LaneFinding[] {
  return [...segment.lane.findings]
    .filter(({ code, start, end }) => codes.has(code) && start < segment.end && end > segment.start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
}
