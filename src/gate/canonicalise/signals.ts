// A text in, counts of what only tampering or special scripts put there out.
import { isAscii } from './fold.ts';

export interface Signals {
  readonly invisible: number;
  /** Tag characters, which spell hidden ASCII. */
  readonly tags: number;
  readonly bidi: number;
  /** Words that mix Latin with Cyrillic, Greek, Armenian or Cherokee letters. */
  readonly mixedScriptWords: number;
}

const NONE: Signals = { invisible: 0, tags: 0, bidi: 0, mixedScriptWords: 0 };
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const TAGS = /[\u{e0000}-\u{e007f}]/gu;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/gu;
const WORD = /\p{L}{3,}/gu;
const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

const countMatches = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const countMixedWords = (text: string): number =>
  LOOKALIKE_SCRIPT.test(text)
    ? (text.match(WORD) ?? []).filter((word) => LATIN.test(word) && LOOKALIKE_SCRIPT.test(word)).length
    : 0;

export const readSignals = (text: string): Signals =>
  isAscii(text)
    ? NONE
    : {
        invisible: countMatches(text, INVISIBLE),
        tags: countMatches(text, TAGS),
        bidi: countMatches(text, BIDI),
        mixedScriptWords: countMixedWords(text),
      };
