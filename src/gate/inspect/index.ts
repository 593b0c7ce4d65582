// Parts in, findings out: the built-in detectors and the patterns of the policy bundle.
export { findHighEntropy } from './detectors/entropy.ts';
export { createExpressionSearch } from './expression-search.ts';
export type { ExpressionSearch } from './expression-search.ts';
export { GLUES, JoinedText, MARGIN, voiceOf } from './join-parts.ts';
export type { Stretch } from './join-parts.ts';
export { createInspector } from './inspector.ts';
export type { Inspector } from './inspector.ts';
export { createLiteralSearch } from './literal-search.ts';
export type { LiteralSearch } from './literal-search.ts';
export type { Meter } from './meter.ts';
export { parseDetectors } from './parse-detectors.ts';
export { parsePatterns } from './parse-patterns.ts';
export type { StreamWait } from './stream-wait.ts';
export type { TextContext, TextFinding } from './finding.ts';
