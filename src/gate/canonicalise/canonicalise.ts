// A text in, every view of it that detectors read out. The raw view comes first and costs nothing.
import { traceCompact } from './compact.ts';
import { DECODE_LIMIT, decodeRuns } from './decode.ts';
import type { DecodeBudget, DecodedRun } from './decode.ts';
import { isAscii, traceFold } from './fold.ts';
import { traceStrip } from './strip.ts';
import { findSource } from './trace.ts';
import type { TracedText } from './trace.ts';
import { viewRaw } from './view.ts';
import type { View, ViewName } from './view.ts';

const DEPTH = 2;

const viewTraced = (name: ViewName, traced: TracedText, below: View): View => ({
  name,
  encoding: 'plain',
  text: traced.text,
  complete: true,
  sourceSpan: (start, end) => {
    const span = findSource(traced.from, start, end);
    return below.sourceSpan(span.start, span.end);
  },
});

const viewPlain = (text: string): readonly View[] => {
  const raw = viewRaw(text);
  const folded = viewTraced('folded', traceFold(text), raw);
  const compact = traceCompact(folded.text);
  const stripped = isAscii(text) ? null : traceStrip(text);
  return [
    raw,
    folded,
    ...(compact === null ? [] : [viewTraced('compact', compact, folded)]),
    ...(stripped === null || stripped.text === text ? [] : [viewTraced('stripped', stripped, raw)]),
  ];
};

const viewDecoded = (run: DecodedRun, depth: number, budget: DecodeBudget): readonly View[] => {
  const whole = { start: run.start, end: run.end };
  return viewAll(run.text, depth - 1, budget).map((view) => ({
    ...view,
    encoding: run.encoding,
    complete: view.complete && run.complete,
    sourceSpan: () => whole,
  }));
};

const viewAll = (text: string, depth: number, budget: DecodeBudget): readonly View[] => {
  const plain = viewPlain(text);
  if (depth === 0) return plain;
  return [...plain, ...decodeRuns(text, budget).flatMap((run) => viewDecoded(run, depth, budget))];
};

/** Texts within texts are decoded to a depth of two, `DECODE_LIMIT` characters in all. */
export const canonicalise = (text: string): readonly View[] => viewAll(text, DEPTH, { left: DECODE_LIMIT });
