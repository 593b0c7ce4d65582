// A text in, its views out, each with a map back to the source.
export { canonicalise } from './canonicalise.ts';
export type { Encoding, TextSpan, View, ViewName } from './view.ts';
