// Literals in, readers of skeletons, compact and raw texts out; one automaton for each kind of view.
import type { View } from '../canonicalise/index.ts';
import { foldText } from '../canonicalise/index.ts';
import { buildAutomaton } from './automaton.ts';
import type { Borders } from './borders.ts';
import type { Sighting } from './detector.ts';
import type { TextContext } from './finding.ts';
import type { Take } from './take.ts';

export interface Literal {
  readonly text: string;
  readonly view: 'raw' | 'folded';
  readonly applies: (context: TextContext) => boolean;
  readonly sighting: Omit<Sighting, 'start' | 'end'>;
}

export const LONGEST_LITERAL = 256;

interface Word {
  readonly text: string;
  readonly needsStart: boolean;
  readonly needsEnd: boolean;
  readonly literal: Literal;
}

/** Scripts whose words are not parted by spaces, or take their endings without one. */
const UNPARTED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORD_UNIT = /[\p{L}\p{N}\p{M}]/u;
/** Shorter ones would be found by chance in joined letters. */
const SHORTEST_COMPACT = 8;

const isParted = (char: string): boolean => WORD_UNIT.test(char) && !UNPARTED.test(char);

const toFoldedWord = (literal: Literal): Word => {
  const text = foldText(literal.text);
  const chars = Array.from(text);
  return { text, literal, needsStart: isParted(chars[0] ?? ''), needsEnd: isParted(chars.at(-1) ?? '') };
};

const toLooseWord = (text: string, literal: Literal): Word => ({
  text,
  literal,
  needsStart: false,
  needsEnd: false,
});

/** In a skeleton everything that is no part of a word is a space. */
const isEdge = (text: string, at: number): boolean => at < 0 || at >= text.length || text[at] === ' ';

interface Occurrence {
  readonly word: Word;
  readonly start: number;
}

const isWhole = (view: View, { start, word }: Occurrence, borders: Borders | undefined): boolean => {
  const end = start + word.text.length;
  const isBorder = (side: 'start' | 'end'): boolean =>
    borders?.has(view.sourceSpan(start, end)[side]) === true;
  return (
    (!word.needsStart || isEdge(view.text, start - 1) || isBorder('start')) &&
    (!word.needsEnd || isEdge(view.text, end) || isBorder('end'))
  );
};

interface Reader {
  readonly read: (view: View, context: TextContext, take: Take) => void;
  readonly measureOpen: (text: string) => number;
}

const createReader = (words: readonly Word[]): Reader => {
  if (words.length === 0) return { read: () => undefined, measureOpen: () => 0 };
  const automaton = buildAutomaton(
    words.map(({ text }) => text),
    { ignoreCase: false },
  );
  return {
    read: (view, context, take) => {
      automaton.scan(view.text, (index, end) => {
        const word = words[index];
        if (word === undefined) return true;
        const start = end - word.text.length;
        if (!isWhole(view, { start, word }, context.borders) || !word.literal.applies(context)) return true;
        return take({ ...word.literal.sighting, start, end });
      });
    },
    measureOpen: automaton.measureOpen,
  };
};

export interface PhraseReader {
  readonly read: (view: View, context: TextContext, take: Take) => void;
  /** The first offset of the view from which a phrase may still be completed by text that follows. */
  readonly findOpen: (view: View) => number;
}

export const createPhraseReader = (literals: readonly Literal[]): PhraseReader => {
  const folded = literals.filter(({ view }) => view === 'folded').map(toFoldedWord);
  const compact = folded
    .map(({ text, literal }) => toLooseWord(text.replaceAll(' ', ''), literal))
    .filter(({ text }) => text.length >= SHORTEST_COMPACT);
  const raw = literals
    .filter(({ view }) => view === 'raw')
    .map((literal) => toLooseWord(literal.text, literal));
  const readRaw = createReader(raw);
  const readers = {
    folded: createReader(folded),
    compact: createReader(compact),
    raw: readRaw,
    stripped: readRaw,
  };
  return {
    read: (view, context, take) => readers[view.name].read(view, context, take),
    findOpen: ({ name, text }) => text.length - readers[name].measureOpen(text),
  };
};
