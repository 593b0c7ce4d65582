// Patterns in, an inspector out: it reads parts and windows of streams, and says what it saw.
import type { Finding, Part } from '../../exchange/index.ts';
import { canonicalise } from '../canonicalise/index.ts';
import type { View } from '../canonicalise/index.ts';
import { Collector, FINDING_LIMIT } from './collector.ts';
import type { Sighting } from './detector.ts';
import type { TextContext, TextFinding } from './finding.ts';
import { isInScope } from './pattern.ts';
import type { LiteralPattern, Pattern, Re2Pattern } from './pattern.ts';
import { findSpacedOutStart, findTokenStart } from './open-end.ts';
import { createPhraseReader } from './phrase-reader.ts';
import type { Literal } from './phrase-reader.ts';
import { createRe2Reader } from './re2-reader.ts';
import { DETECTORS } from './registry.ts';
import { createShapeReader } from './shape-reader.ts';
import type { Take } from './take.ts';

export interface Inspector {
  /**
   * UTF-16 units within which every match is recognised. A match that is longer is found by its beginning, so a
   * finding that ends where the text ends may go on in what follows.
   */
  readonly reach: number;
  /**
   * The offset from which a text that is still arriving must be held back: what stands before it belongs to no match
   * that is still to come. At most `reach` before the end, and in prose the beginning of the last word.
   */
  readonly findOpenEnd: (text: string, context: TextContext) => number;
  readonly inspectParts: (parts: readonly Part[]) => readonly Finding[];
  readonly inspectText: (text: string, context: TextContext) => readonly TextFinding[];
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

export const createInspector = (patterns: readonly Pattern[]): Inspector => {
  const shapes = createShapeReader(DETECTORS);
  const phrases = createPhraseReader([...patterns.filter(isLiteral).map(toLiteral), ...BUILT_IN_LITERALS]);
  const expressions = createRe2Reader(patterns.filter(isRe2));
  const reach = Math.max(...DETECTORS.map((detector) => detector.reach), ...patterns.map(reachOf));

  const readView = (view: View, context: TextContext, take: Take): void => {
    if (isExact(view)) shapes.read(view.text, take);
    phrases.read(view, context, take);
    expressions.read(view, context, take);
    readDetectors(view, take);
    if (!view.complete) take({ ...UNREAD, start: 0, end: view.text.length });
  };

  const findOpenIn = (view: View): number => {
    const open = Math.min(
      phrases.findOpen(view),
      isExact(view) ? shapes.findOpen(view.text) : findSpacedOutStart(view, reach),
    );
    return open >= view.text.length ? Infinity : view.sourceSpan(open, view.text.length).start;
  };

  const inspectWithin = (text: string, context: TextContext, limit: number): readonly TextFinding[] => {
    if (text === '') return [];
    const collector = new Collector(context.origin, limit);
    for (const view of canonicalise(text)) {
      readView(view, context, (sighting) => !collector.isFull && collector.take(view, sighting));
      if (collector.isFull) break;
    }
    return collector.findings;
  };

  return {
    reach,
    findOpenEnd: (text, context) => {
      const plain = canonicalise(text).filter(
        ({ encoding, name }) => encoding === 'plain' && name !== 'compact',
      );
      const open = [
        findTokenStart(text, reach),
        text.length - expressions.measureOpen(context),
        ...plain.map(findOpenIn),
      ];
      return Math.max(0, text.length - reach, Math.min(...open));
    },
    inspectText: (text, context) => inspectWithin(text, context, FINDING_LIMIT),
    inspectParts: (parts) => {
      const findings: Finding[] = [];
      for (const [part, { text, ...context }] of parts.entries()) {
        const found = inspectWithin(text, context, FINDING_LIMIT - findings.length);
        findings.push(...found.map((finding) => ({ ...finding, part })));
        if (findings.length > FINDING_LIMIT) break;
      }
      return findings;
    },
  };
};
