// A text and a limit in code points in, its beginning out; what a reader sees as one character is never split.

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The UTF-16 offset behind so many code points; the length of the text when it has no more. */
const findOffset = (text: string, points: number): number => {
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left -= 1) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
};

export const truncate = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const offset = findOffset(text, limit);
  return text.slice(0, GRAPHEMES.segment(text).containing(offset)?.index ?? text.length);
};
