// A text in, every view of it that detectors read out. The raw view comes first and costs nothing.
import { traceCompact } from './compact.ts';
import { DECODE_LIMIT, decodeRuns } from './decode.ts';
import type { DecodeBudget, DecodedRun } from './decode.ts';
import { foldAscii, foldUnicode, isAscii } from './fold.ts';
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
  isAscii: below.isAscii,
  complete: true,
  sourceSpan: (start, end) => {
    const span = findSource(traced.from(), start, end);
    return below.sourceSpan(span.start, span.end);
  },
});

const viewPlain = (text: string): View[] => {
  const hasOnlyAscii = isAscii(text);
  const raw = viewRaw(text, hasOnlyAscii);
  const folded = viewTraced('folded', hasOnlyAscii ? foldAscii(text) : foldUnicode(text), raw);
  const views = [raw, folded];
  const compact = traceCompact(folded.text);
  if (compact !== null) views.push(viewTraced('compact', compact, folded));
  const stripped = hasOnlyAscii ? null : traceStrip(text);
  if (stripped !== null && stripped.text !== text) views.push(viewTraced('stripped', stripped, raw));
  return views;
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
  const views = viewPlain(text);
  if (depth === 0) return views;
  for (const run of decodeRuns(text, budget)) views.push(...viewDecoded(run, depth, budget));
  return views;
};

/** Texts within texts are decoded to a depth of two, `DECODE_LIMIT` characters in all. */
export const canonicalise = (text: string): readonly View[] => viewAll(text, DEPTH, { left: DECODE_LIMIT });
