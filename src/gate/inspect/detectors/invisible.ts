// Characters that a reader does not see and a model does: hidden text, reordered text, split words.
import type { Severity } from '../../../exchange/index.ts';
import type { View } from '../../canonicalise/index.ts';
import type { Detector, Sighting } from '../detector.ts';

interface Kind {
  readonly code: string;
  readonly severity: Severity;
  readonly expression: RegExp;
}

const KINDS: readonly Kind[] = [
  { code: 'unicode.tags', severity: 'critical', expression: /[\u{e0000}-\u{e007f}]+/gu },
  {
    code: 'unicode.variation_selectors',
    severity: 'high',
    expression: /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,}/gu,
  },
  { code: 'unicode.bidi', severity: 'high', expression: /[\u202d\u202e]+/gu },
  // Every invisible character but the soft hyphen, which web pages are full of.
  {
    code: 'unicode.zero_width',
    severity: 'medium',
    expression:
      /(?<=[a-z0-9])[\p{DI}--[\u00ad\u{e0000}-\u{e0fff}]]+(?=[a-z0-9])|[\u200b-\u200d\u2060-\u2064\ufeff]{4,}/giv,
  },
];
/** Isolates and embeddings belong to texts that are written from right to left, and to no other. */
const EMBEDDING: Kind = {
  code: 'unicode.bidi',
  severity: 'high',
  expression: /[\u202a-\u202c\u2066-\u2069]+/gu,
};
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const INVISIBLE = /\p{DI}/u;
/** The flags of England, Scotland and Wales are the emoji that are spelled with tags. */
const FLAGS =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;

const blankFlags = (text: string): string =>
  text.replace(FLAGS, (flag) => '\u{1f3f4}'.padEnd(flag.length, ' '));

function* sight(text: string, { code, severity, expression }: Kind): Iterable<Sighting> {
  for (const match of text.matchAll(expression)) {
    const end = match.index + match[0].length;
    yield { detector: 'invisible', code, severity, confidence: 1, start: match.index, end };
  }
}

const readInvisible = ({ name, text, isAscii }: View): Iterable<Sighting> =>
  name === 'raw' && !isAscii && INVISIBLE.test(text) ? sightAll(text) : [];

function* sightAll(text: string): Iterable<Sighting> {
  const looked = blankFlags(text);
  for (const kind of KINDS) yield* sight(looked, kind);
  if (!RIGHT_TO_LEFT.test(text)) yield* sight(looked, EMBEDDING);
}

export const invisible: Detector = { name: 'invisible', reach: 64, read: readInvisible };
