// A text in, the text with its long random tokens taken out.
import { findHighEntropy } from '../../inspect/index.ts';
import { replaceSpans } from './replace-spans.ts';

export const dropHighEntropy = (text: string): string =>
  replaceSpans(text, findHighEntropy(text), () => '[removed]');
