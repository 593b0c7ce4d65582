// A text in, the same text without invisible characters and in compatibility forms out: what a reader would see.
import { rememberByPoint, resolveForm } from './characters.ts';
import { Trace } from './trace.ts';
import type { TracedText } from './trace.ts';

const stripPoint = rememberByPoint(resolveForm);

export const traceStrip = (text: string): TracedText => {
  const trace = new Trace(text.length);
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    if (point < 0x80) trace.push(point, at);
    else trace.pushAll(stripPoint(point), at);
    at += point > 0xffff ? 2 : 1;
  }
  return trace.finish(text.length);
};
