// A code point in, what it becomes in a view out. Pure; answers are kept, because the same few letters make up a text.
import { CONFUSABLES } from './confusables.ts';

const INVISIBLES = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
/** Diacritics that any letter can be flooded with; those that a script needs are not among them. */
const DIACRITICS = /[\u0300-\u036f]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/gu;
const SEPARATOR = /[^\p{L}\p{N}\p{M}]+/gu;
/** Jamo that stand alone: NFKC would turn them into parts of syllables. */
const LONE_JAMO = /[\u3131-\u318e\uffa0-\uffdc]/u;
const CONTINUES = /[\p{M}\p{Cf}\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f]/u;
const CIRCLED_FIRST = [0x1f150, 0x1f170, 0x1f1e6];
/** The planes that texts are written in, and the one of tags; the rest is worked out each time. */
const isKept = (point: number): boolean => point < 0x20000 || point >= 0xe0000;

/** Whether it may combine with what stands before it. */
export const canContinue = (char: string): boolean => CONTINUES.test(char);

/** White letters on black and the letters of flags: the only Latin alphabets without a compatibility form. */
const foldCircled = (char: string): string => {
  const point = char.codePointAt(0) ?? 0;
  const first = CIRCLED_FIRST.find((start) => point >= start && point < start + 26);
  return first === undefined ? char : String.fromCharCode(0x61 + point - first);
};

const mapEach = (text: string, map: (char: string) => string): string => Array.from(text, map).join('');

/** Visible text in its compatibility form. */
export const resolveForm = (unit: string): string => {
  const visible = unit.replace(INVISIBLES, '');
  return LONE_JAMO.test(visible) ? visible : visible.normalize('NFKC').replace(INVISIBLES, '');
};

const foldOnce = (unit: string): string => {
  const bare = mapEach(resolveForm(unit), foldCircled)
    .normalize('NFD')
    .replace(DIACRITICS, '')
    .normalize('NFC');
  return mapEach(bare.toLowerCase().normalize('NFC'), (char) => CONFUSABLES.get(char) ?? char);
};

/** The skeleton of a character or of a base with its marks; everything that is no letter, mark or digit is a space. */
export const foldUnit = (unit: string): string => {
  const folded = foldOnce(foldOnce(unit));
  return folded.replace(SEPARATOR, ' ');
};

/** Keeps the answers for the points that make up most texts. */
export const rememberByPoint = (map: (char: string) => string): ((point: number) => string) => {
  const pages: (string | undefined)[][] = [];
  return (point) => {
    if (!isKept(point)) return map(String.fromCodePoint(point));
    const page = (pages[point >> 8] ??= []);
    return (page[point & 255] ??= map(String.fromCodePoint(point)));
  };
};
