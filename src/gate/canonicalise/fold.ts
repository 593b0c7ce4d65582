// A text in, its skeleton out: NFKC, invisible characters gone, look-alikes Latin, lower case, separators one space.
import { Buffer } from 'node:buffer';
import { canContinue, foldUnit, rememberByPoint } from './characters.ts';
import { remember, Trace } from './trace.ts';
import type { TracedText } from './trace.ts';

const SPACE = 0x20;
const LONGEST_UNIT = 32;
const NOT_ASCII = /[^\0-\x7f]/;

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code).toLowerCase();
  return /[a-z0-9]/.test(char) ? char.charCodeAt(0) : SPACE;
});

export const isAscii = (text: string): boolean => !NOT_ASCII.test(text);

/** Where an ASCII text is folded, one at a time: most are short, and to make arrays for each would take longer than folding. */
interface Room {
  readonly source: Buffer;
  readonly bytes: Buffer;
  readonly from: Uint32Array;
}

const makeRoom = (length: number): Room => ({
  source: Buffer.allocUnsafeSlow(length),
  bytes: Buffer.allocUnsafeSlow(length + 1),
  from: new Uint32Array(length + 1),
});

const KEPT_LENGTH = 16_384;
const KEPT = makeRoom(KEPT_LENGTH);

/** The common case, at the speed of memory: one look-up for each character, written always and kept by the count it gives. */
const foldInto = ({ source, bytes, from }: Room, text: string): number => {
  const length = source.write(text, 0, 'latin1');
  let size = 0;
  let last = SPACE;
  for (let i = 0; i < length; i += 1) {
    const folded = ASCII[source[i] as number] as number;
    bytes[size] = folded;
    from[size] = i;
    size += folded === SPACE && last === SPACE ? 0 : 1;
    last = folded;
  }
  // Separators at the end fold to nothing, and no match takes them along: the end is where they begin.
  if (size > 0 && last === SPACE) size -= 1;
  else from[size] = length;
  return size;
};

const roomFor = (text: string): Room => (text.length <= KEPT_LENGTH ? KEPT : makeRoom(text.length));

/** Most texts hold nothing whose place anybody asks for: the way back is made, by folding once more, when somebody does. */
export const foldAscii = (text: string): TracedText => {
  const room = roomFor(text);
  const size = foldInto(room, text);
  return { text: room.bytes.toString('latin1', 0, size), from: remember(() => traceAscii(text)) };
};

const traceAscii = (text: string): Uint32Array => {
  const room = roomFor(text);
  const size = foldInto(room, text);
  return room.from.slice(0, size + 1);
};

const foldPoint = rememberByPoint(foldUnit);

const widthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

const skipDiacritics = (text: string, start: number): number => {
  let at = start;
  while (text.charCodeAt(at) >= 0x300 && text.charCodeAt(at) <= 0x36f) at += 1;
  return at;
};

/** The end of a base and what combines with it; bounded, so that a flood of marks stays linear. */
const findUnitEnd = (text: string, start: number): number => {
  const limit = Math.min(text.length, start + LONGEST_UNIT);
  let end = start + widthAt(text, start);
  // Diacritics alone fold to nothing: they need not be read with their base.
  if (!mayContinue(text, skipDiacritics(text, end))) return end;
  while (end < limit && mayContinue(text, end)) end += widthAt(text, end);
  return end;
};

const mayContinue = (text: string, at: number): boolean =>
  text.charCodeAt(at) >= 0x300 && canContinue(String.fromCodePoint(text.codePointAt(at) ?? 0));

const pushFolded = (trace: Trace, folded: string, source: number): void => {
  for (let i = 0; i < folded.length; i += 1) {
    const unit = folded.charCodeAt(i);
    if (unit !== SPACE || (trace.last !== SPACE && trace.last !== -1)) trace.push(unit, source);
  }
};

export const foldUnicode = (text: string): TracedText => {
  // Only a text that is not normalised can hold characters that must be read together.
  const alone = text.normalize('NFKC') === text;
  const trace = new Trace(text.length);
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const width = point > 0xffff ? 2 : 1;
    const end = alone ? at + width : findUnitEnd(text, at);
    pushFolded(trace, end === at + width ? foldPoint(point) : foldUnit(text.slice(at, end)), at);
    at = end;
  }
  return trace.finish(trace.last === SPACE ? popSeparator(trace, text) : text.length);
};

/** Separators at the end are left out; one that came of the same character as a letter ("🄀" is "0.") ends after it. */
const popSeparator = (trace: Trace, text: string): number => {
  const source = trace.pop();
  return trace.lastSource === source ? findUnitEnd(text, source) : source;
};

/** The skeleton alone, for phrases that are looked for in skeletons. */
export const foldText = (text: string): string => (isAscii(text) ? foldAscii(text) : foldUnicode(text)).text;
