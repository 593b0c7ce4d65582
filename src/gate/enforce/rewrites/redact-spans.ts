// A text and what was found in it in, the text with marks in the places of the findings out.
import type { Finding } from '../../../exchange/index.ts';
import { replaceSpans } from './replace-spans.ts';

export const redactSpans = (
  text: string,
  spans: readonly Pick<Finding, 'code' | 'start' | 'end'>[],
): string => replaceSpans(text, spans, ({ code }) => `[redacted:${code}]`);
