// Long random runs: tokens of a shape nobody knows. No words, no hashes, no ids, no pictures.
import { findRuns, RUN } from '../../canonicalise/index.ts';
import type { Run, TextSpan, View } from '../../canonicalise/index.ts';
import type { Detector, Sighting } from '../detector.ts';

const SHORTEST = 20;
/** Of a long run the beginning tells enough. */
const SAMPLE = 256;
/** Random letters and digits change their class at every second place; words and names rarely do. */
const LEAST_CHANGES = 0.4;
const LEAST_BITS = 3.6;
/** The parts of paths and of dashed names are judged one by one; base64 is rarely parted so. */
const PARTS = /[^/_-]+/g;
/** An integrity hash, a picture or a public key in the text: random, and no token. */
const HARMLESS_BEFORE = /(?:sha(?:1|224|256|384|512)[-:]|;base64,)$/i;
const HARMLESS_INSIDE = /(?:^|\/)(?:sha(?:1|224|256|384|512)-|AAAA[BCE]3Nza)/;

const isMixed = (sample: string): boolean =>
  /[a-z]/.test(sample) && /[A-Z]/.test(sample) && /\d/.test(sample);

const countBits = (sample: string): number => {
  const counts = new Map<string, number>();
  for (const char of sample) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / sample.length) * Math.log2(count / sample.length);
  return bits;
};

const classOf = (code: number): number => {
  if (code >= 0x61) return 0;
  if (code >= 0x41) return 1;
  return code >= 0x30 ? 2 : 3;
};

const countChanges = (sample: string): number => {
  let changes = 0;
  for (let i = 1; i < sample.length; i += 1) {
    if (classOf(sample.charCodeAt(i)) !== classOf(sample.charCodeAt(i - 1))) changes += 1;
  }
  return changes / (sample.length - 1);
};

const isRandom = (part: string): boolean => {
  if (part.length < SHORTEST) return false;
  const sample = part.slice(0, SAMPLE);
  return isMixed(sample) && countChanges(sample) >= LEAST_CHANGES && countBits(sample) >= LEAST_BITS;
};

const isHarmless = (text: string, start: number, token: string): boolean =>
  HARMLESS_INSIDE.test(token) || HARMLESS_BEFORE.test(text.slice(Math.max(0, start - 10), start));

/** From the first random part to the last: what stands between them belongs to the token. */
const findRandom = (text: string, { start, end }: Run): TextSpan | null => {
  const token = text.slice(start, end);
  const random = Array.from(token.matchAll(PARTS)).filter(([part]) => isRandom(part));
  const first = random[0];
  const last = random.at(-1);
  if (first === undefined || last === undefined || isHarmless(text, start, token)) return null;
  return { start: start + first.index, end: start + last.index + last[0].length };
};

/** Runs that need not be looked at: they lack a class of characters that every random token has. */
const canBeRandom = ({ made }: Run): boolean =>
  (made & RUN.digit) !== 0 &&
  (made & (RUN.lower | RUN.lowerHex)) !== 0 &&
  (made & (RUN.upper | RUN.upperHex)) !== 0;

export const findHighEntropy = (text: string): readonly TextSpan[] =>
  findRuns(text)
    .filter(canBeRandom)
    .flatMap((run) => findRandom(text, run) ?? []);

const readEntropy = ({ name, encoding, text }: View): Iterable<Sighting> =>
  name === 'raw' && encoding === 'plain' ? findHighEntropy(text).map(sightToken) : [];

const sightToken = (span: TextSpan): Sighting => ({
  detector: 'entropy',
  code: 'entropy.token',
  severity: 'low',
  confidence: 0.5,
  ...span,
});

export const entropy: Detector = { name: 'entropy', reach: 128, read: readEntropy };
