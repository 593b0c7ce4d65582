// A text in, the same text in plain letters out. Only forms that mean the same: superscripts, fractions and circled
// digits say something, East Asian punctuation belongs to its script, and joiners shape words; all of them stay.

/** Full-width letters and digits, Latin ligatures, mathematical alphabets. */
const STYLED = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06\u{1d400}-\u{1d7ff}]/gu;
/** Letter-like symbols, of which only the plain letters are replaced: not the trade mark, not the degree. */
const LETTERLIKE = /[\u2100-\u214f]/g;
const LETTER = /^[A-Za-z]$/;

const toLetter = (symbol: string): string => {
  const plain = symbol.normalize('NFKC');
  return LETTER.test(plain) ? plain : symbol;
};

export const normalise = (text: string): string =>
  text
    .replace(STYLED, (letter) => letter.normalize('NFKC'))
    .replace(LETTERLIKE, toLetter)
    .normalize('NFC');
