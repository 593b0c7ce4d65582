// The changes a policy may ask for, each a pure function from text to text.
export { dropHighEntropy } from './drop-high-entropy.ts';
export { normalise } from './normalise.ts';
export { redactSpans } from './redact-spans.ts';
export { mergeSpans } from './replace-spans.ts';
export { stripControls } from './strip-controls.ts';
export { trim } from './trim.ts';
export { truncate } from './truncate.ts';
