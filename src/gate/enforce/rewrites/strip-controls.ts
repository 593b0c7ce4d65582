// A text in, the text without what no reader sees out. What emoji and scripts are written with stays.

/** A visible character of one of the scripts, named by their ISO 15924 codes. */
const oneOfScripts = (codes: string): string =>
  `[[${codes
    .split(' ')
    .map((code) => String.raw`\p{scx=${code}}`)
    .join('')}]--[\\p{DI}\\p{Cc}]]`;

/** Joiners shape these scripts; one after a letter or mark of theirs is spelling. */
const JOINING = oneOfScripts('Arab Syrc Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr');
const UNSPACED = oneOfScripts('Thai Laoo Khmr Mymr');

/** What may stay, each one character wide but for the flags that are spelled with tags. */
const KEPT = [
  // The flags of England, Scotland and Wales.
  String.raw`\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`,
  // How an emoji is shown, and the sequences of emoji.
  String.raw`(?<=[\p{Emoji}--[\d#*]])[\ufe0e\ufe0f]`,
  String.raw`(?<=[\d#*])\ufe0f(?=\u20e3)`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]|[\p{Emoji}--[\d#*]]\ufe0f)\u200d(?=\p{Extended_Pictographic})`,
  // Joiners, the breaks of scripts without spaces, and the variants of ideographs.
  String.raw`(?<=${JOINING})[\u200c\u200d]`,
  String.raw`(?<=${UNSPACED})\u200b`,
  String.raw`(?<=\p{Script=Mong})[\u180b-\u180e]`,
  String.raw`(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]`,
];
const KEPT_IN_RIGHT_TO_LEFT = String.raw`[\u061c\u200e\u200f]`;
/** Control characters but tab and line breaks; everything that is not drawn. */
const REMOVED = String.raw`[\p{Cc}--[\t\n\r]]|\p{DI}|[\ufff9-\ufffb]`;

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

const compile = (kept: readonly string[]): RegExp => new RegExp(`(${kept.join('|')})|${REMOVED}`, 'gv');
const LEFT_TO_RIGHT_TEXT = compile(KEPT);
const RIGHT_TO_LEFT_TEXT = compile([...KEPT, KEPT_IN_RIGHT_TO_LEFT]);

export const stripControls = (text: string): string =>
  text.replace(
    RIGHT_TO_LEFT.test(text) ? RIGHT_TO_LEFT_TEXT : LEFT_TO_RIGHT_TEXT,
    (_, kept?: string) => kept ?? '',
  );
