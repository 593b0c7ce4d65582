// A text in, its views out, each with a map back to the source.
export { canonicalise } from './canonicalise.ts';
export { foldText } from './fold.ts';
export { findRuns, RUN } from './runs.ts';
export type { Run } from './runs.ts';
export { readSignals } from './signals.ts';
export type { TextSpan, View } from './view.ts';
