// The views of a text that is still arriving in, the offset from which it must be held back out.
import type { View } from '../canonicalise/index.ts';

/** White space, and the characters of scripts that are written without it. */
const BREAK =
  /[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f]/u;
const SPACED_OUT_END = /(?<![^ ])[^ ](?: [^ ])*$/u;
/** The last character may still combine with the next. */
const LAST = 2;

/** Credentials, encoded runs and random tokens hold no white space: the last unbroken run may be the beginning of one. */
export const findTokenStart = (text: string, reach: number): number => {
  const limit = Math.max(0, text.length - reach);
  let at = text.length;
  while (at > limit && !BREAK.test(text.charAt(at - 1))) at -= 1;
  return Math.min(at, Math.max(0, text.length - LAST));
};

/** Single letters at the end may go on as a spaced-out spelling. */
export const findSpacedOutStart = (folded: View, reach: number): number => {
  const offset = Math.max(0, folded.text.length - reach);
  const run = SPACED_OUT_END.exec(folded.text.slice(offset));
  return run === null ? folded.text.length : offset + run.index;
};
