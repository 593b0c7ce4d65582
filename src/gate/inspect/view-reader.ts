// Patterns in; out comes what reads a view with them and with the built-in detectors, and finds its open end.
import type { View } from '../canonicalise/index.ts';
import type { Borders } from './borders.ts';
import type { Sighting } from './detector.ts';
import type { TextContext } from './finding.ts';
import { isInScope } from './pattern.ts';
import type { LiteralPattern, Pattern, Re2Pattern } from './pattern.ts';
import { findSpacedOutStart, findTokenStart } from './open-end.ts';
import { createPhraseReader } from './phrase-reader.ts';
import type { Literal } from './phrase-reader.ts';
import { createRe2Reader } from './re2-reader.ts';
import { DETECTORS } from './registry.ts';
import { createShapeReader } from './shape-reader.ts';
import type { Take } from './take.ts';

export interface ViewReader {
  /** UTF-16 units within which every match is recognised. */
  readonly reach: number;
  readonly read: (view: View, context: TextContext, take: Take) => void;
  /** Of a text and its views. */
  readonly findOpenEnd: (text: string, views: readonly View[], context: TextContext) => number;
}

/** Room for the separators and invisible characters that a spelling may be stretched with. */
const STRETCH = 4;

const isLiteral = (pattern: Pattern): pattern is LiteralPattern => 'literal' in pattern;
const isRe2 = (pattern: Pattern): pattern is Re2Pattern => 're2' in pattern;

const reachOf = (pattern: Pattern): number => {
  if (isRe2(pattern)) return pattern.maxLength;
  return pattern.view === 'raw' ? pattern.literal.length : pattern.literal.length * STRETCH;
};

const toLiteral = (pattern: LiteralPattern): Literal => ({
  text: pattern.literal,
  view: pattern.view,
  applies: (context) => isInScope(pattern, context),
  sighting: { detector: 'patterns', code: pattern.id, severity: pattern.severity, confidence: 1 },
});

const BUILT_IN_LITERALS: readonly Literal[] = DETECTORS.flatMap(({ name, phrases = [] }) =>
  phrases.flatMap(({ literals, code, severity, confidence }) =>
    literals.map((text) => ({
      text,
      view: 'folded' as const,
      applies: () => true,
      sighting: { detector: name, code, severity, confidence },
    })),
  ),
);

const UNREAD: Omit<Sighting, 'start' | 'end'> = {
  detector: 'inspect',
  code: 'inspect.decode_limit',
  severity: 'high',
  confidence: 1,
};

const readDetectors = (view: View, take: Take): void => {
  for (const detector of DETECTORS) {
    for (const sighting of detector.read?.(view) ?? []) {
      if (!take(sighting)) return;
    }
  }
};

const isExact = (view: View): boolean => view.name === 'raw' || view.name === 'stripped';

/** Offsets of the text are those of its raw view, and of no other. */
const bordersOf = ({ name, encoding }: View, { borders }: TextContext): Borders | undefined =>
  name === 'raw' && encoding === 'plain' ? borders : undefined;

export const createViewReader = (patterns: readonly Pattern[]): ViewReader => {
  const shapes = createShapeReader(DETECTORS);
  const phrases = createPhraseReader([...patterns.filter(isLiteral).map(toLiteral), ...BUILT_IN_LITERALS]);
  const expressions = createRe2Reader(patterns.filter(isRe2));
  const reach = Math.max(...DETECTORS.map((detector) => detector.reach), ...patterns.map(reachOf));

  const findOpenIn = (view: View): number => {
    const open = Math.min(
      phrases.findOpen(view),
      isExact(view) ? shapes.findOpen(view.text) : findSpacedOutStart(view, reach),
    );
    return open >= view.text.length ? Infinity : view.sourceSpan(open, view.text.length).start;
  };

  return {
    reach,
    read: (view, context, take) => {
      if (isExact(view)) shapes.read(view.text, take, bordersOf(view, context));
      phrases.read(view, context, take);
      expressions.read(view, context, take);
      readDetectors(view, take);
      if (!view.complete) take({ ...UNREAD, start: 0, end: view.text.length });
    },
    findOpenEnd: (text, views, context) => {
      const plain = views.filter(({ encoding, name }) => encoding === 'plain' && name !== 'compact');
      const open = [
        findTokenStart(text, reach),
        text.length - expressions.measureOpen(context),
        ...plain.map(findOpenIn),
      ];
      return Math.max(0, text.length - reach, Math.min(...open));
    },
  };
};
