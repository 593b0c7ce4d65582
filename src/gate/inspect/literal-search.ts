// The phrases of a policy in, a search for them out: in the views, and by the rules, of phrases that are patterns.
import { err, ok } from '../../lib/result.ts';
import type { Result } from '../../lib/result.ts';
import { foldText } from '../canonicalise/index.ts';
import type { TextSpan, View } from '../canonicalise/index.ts';
import { countCells } from './automaton.ts';
import type { TextContext } from './finding.ts';
import type { Meter } from './meter.ts';
import { createPhraseReader, LONGEST_LITERAL } from './phrase-reader.ts';
import type { Literal, PhraseReader } from './phrase-reader.ts';

export interface LiteralMatch extends TextSpan {
  /** As the policy wrote it. */
  readonly literal: string;
}

export interface LiteralSearch {
  /** What is kept of it in memory, in cells of an automaton. */
  readonly size: number;
  /** Each literal once at each place, in order of place; `most` matches and one more at most. */
  readonly find: (views: readonly View[], meter: Meter, most: number) => readonly LiteralMatch[];
}

const MOST_LITERALS = 128;
const MOST_CELLS = 200_000;
/** What an automaton takes to read a character, and for each literal that may end at it. */
const READING = 1 / 8;
const ENDING = 1 / 16;
/** To map a place back, and to note it. */
const NOTING = 8;

/** Phrases of a policy are not limited to where a part comes from: the policy chose the part. */
const ANYWHERE: TextContext = { origin: 'unknown', lane: '', kind: 'text' };

export function createLiteralSearch(literals: unknown): Result<LiteralSearch, string> {
  if (!isTexts(literals)) {
    return err(
      `must be at most ${String(MOST_LITERALS)} texts of 1 to ${String(LONGEST_LITERAL)} characters`,
    );
  }
  const words = literals.map(foldText);
  if (words.includes('')) return err('must each have a letter or a digit');
  const size = countCells(words);
  if (size > MOST_CELLS) return err('are too many or too long for one search');
  const reader = createPhraseReader([...new Set(literals)].map(toLiteral));
  return ok({
    size,
    find: findWith(reader, READING + ENDING * countEndings(words)),
  });
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= MOST_LITERALS && value.every(isLiteral);

const isLiteral = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST_LITERAL;

const toLiteral = (text: string): Literal => ({
  text,
  view: 'folded',
  applies: () => true,
  sighting: { detector: 'policy', code: text, severity: 'info', confidence: 1 },
});

/** How many may end at one character: `a`, `aa`, `aaa` … all do. Spaces count for nothing in compact views. */
function countEndings(words: readonly string[]): number {
  const compact = words.map((word) => word.replaceAll(' ', ''));
  return Math.max(0, ...compact.map((word) => compact.filter((end) => word.endsWith(end)).length));
}

const findWith =
  (reader: PhraseReader, price: number): LiteralSearch['find'] =>
  (views, meter, most) => {
    const found = new Map<string, LiteralMatch>();
    for (const view of views) {
      meter.spend(1 + view.text.length * price);
      reader.read(view, ANYWHERE, ({ code: literal, ...place }) => {
        meter.spend(NOTING);
        const { start, end } = view.sourceSpan(place.start, place.end);
        found.set(`${String(start)} ${String(end)} ${literal}`, { literal, start, end });
        return found.size <= most;
      });
    }
    return [...found.values()].sort(byPlace);
  };

const byPlace = (a: LiteralMatch, b: LiteralMatch): number =>
  a.start - b.start || a.end - b.end || (a.literal < b.literal ? -1 : 1);
