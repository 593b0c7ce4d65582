// Parts in, findings out: the built-in detectors and the patterns of the policy bundle.
export { findHighEntropy } from './detectors/entropy.ts';
export { createInspector } from './inspector.ts';
export type { Inspector } from './inspector.ts';
export { parsePatterns } from './parse-patterns.ts';
export type { TextContext, TextFinding } from './finding.ts';
