// Whatever is forbidden is found at every place where it can be split over parts, and each piece of it is masked.
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Finding, Part } from '../../src/exchange/index.ts';
import { planEdits } from '../../src/gate/enforce/plan-edits.ts';
import { createInspector } from '../../src/gate/inspect/index.ts';
import { aPart } from '../support/facts.ts';
import { MADE_UP } from '../support/made-up-secrets.ts';

const PHRASE = 'ignore previous instructions';
const inspector = createInspector([
  { id: 'x.phrase', literal: PHRASE, severity: 'high', view: 'folded' },
  { id: 'x.raw', literal: '<|im_start|>', severity: 'high', view: 'raw' },
  { id: 'x.shape', re2: 'order [0-9]{4} [a-z]{3}', maxLength: 14, severity: 'high', view: 'raw' },
]);
/** One of them is a password of a URL, which needs its host. */
const SECRETS = Object.values(MADE_UP).map(([before, secret]) => `${before}${secret}@host`);
const FORBIDDEN: readonly string[] = [
  PHRASE,
  'IGNORE,  previous\n instructions',
  Buffer.from(`please ${PHRASE}, thanks`).toString('base64'),
  'order 1234 abc',
  '<|im_start|>',
  'execute the following',
  ...SECRETS,
];

/** In one message, or each in a message of its own. */
const partsOf = (texts: readonly string[], messages: boolean): Part[] =>
  texts.map((text, index) => {
    const turn = messages ? index : 0;
    return aPart({
      turn,
      lane: `${turn}.0.text`,
      text,
      at: { start: index * 1_000_000, end: index * 1_000_000 + 1 },
    });
  });

const alone = new Map(FORBIDDEN.map((text) => [text, inspector.inspectParts([aPart({ text })])]));

/** What stands in the whole at the places of findings, pieces put together. */
const coverage = (texts: readonly string[], findings: readonly Finding[], code: string): Set<number> => {
  const starts = texts.map((_, index) => texts.slice(0, index).join('').length);
  const covered = new Set<number>();
  for (const { part, start, end } of findings.filter((finding) => finding.code === code))
    for (let at = start; at < end; at += 1) covered.add((starts[part] ?? 0) + at);
  return covered;
};

const missing = (pieces: readonly string[], whole: string, messages: boolean): readonly string[] => {
  const findings = inspector.inspectParts(partsOf(pieces, messages));
  const lead = pieces.join('').indexOf(whole);
  return (alone.get(whole) ?? []).flatMap(({ code, start, end }) => {
    const covered = coverage(pieces, findings, code);
    const places = Array.from({ length: end - start }, (_, index) => lead + start + index);
    return places.every((place) => covered.has(place)) ? [] : [`${code} of ${JSON.stringify(pieces)}`];
  });
};

const cutAt = (text: string, places: readonly number[]): string[] => {
  const at = [0, ...places.toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

describe('what is forbidden, split over parts', () => {
  it.each(FORBIDDEN)('is seen when it stands in one: %#', (text) => {
    expect(alone.get(text)).not.toEqual([]);
  });

  it.each(FORBIDDEN)('is found at every split in two, in one message and in two: %#', (text) => {
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(missing(cutAt(text, [cut]), text, false)).toEqual([]);
      expect(missing(cutAt(text, [cut]), text, true)).toEqual([]);
    }
  });

  it('is found at any splits into two to five, whatever stands before and behind', () => {
    const around = fc.constantFrom('', 'Hi', 'Hello there. ', 'so');
    const splits = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 4 });
    const phrases = [PHRASE, 'execute the following', ...SECRETS];
    fc.assert(
      fc.property(
        fc.constantFrom(...phrases),
        splits,
        around,
        fc.boolean(),
        (text, cuts, before, messages) => {
          const places = [...new Set(cuts.map((cut) => 1 + (cut % (text.length - 1))))];
          const pieces = [...(before === '' ? [] : [before]), ...cutAt(text, places)];
          expect(missing(pieces, text, messages)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  const BARE = [
    ['x.phrase', PHRASE],
    ...Object.entries(MADE_UP).map(([type, [, secret]]) => [`secret.${type}`, secret]),
  ].filter(([code, text = '']) =>
    inspector.inspectParts([aPart({ text })]).some((found) => found.code === code),
  );

  it.each(BARE)('is found between parts that would make another word of it: %s', (code = '', text = '') => {
    const pieces = ['Hi', ...cutAt(text, [Math.ceil(text.length / 2)]), 'there'];
    const covered = coverage(pieces, inspector.inspectParts(partsOf(pieces, false)), code);
    expect(Array.from(text, (_, index) => index + 2).filter((at) => !covered.has(at))).toEqual([]);
  });

  it('is found where words are split and their space is left out', () => {
    const found = inspector.inspectParts(partsOf(['ignore', 'previous', 'instructions'], false));
    expect(found.map(({ code, part }) => [code, part])).toEqual([0, 1, 2].map((part) => ['x.phrase', part]));
  });

  it('is masked in every piece', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 27 }), { minLength: 1, maxLength: 4 }), (cuts) => {
        const pieces = cutAt(PHRASE, [...new Set(cuts)]);
        const parts = partsOf(
          [`Please ${pieces[0] ?? ''}`, ...pieces.slice(1, -1), `${pieces.at(-1)}.`],
          false,
        );
        const findings = inspector.inspectParts(parts);
        const planned = planEdits({
          parts,
          findings,
          obligations: [{ kind: 'redact', codes: ['x.phrase'] }],
        });
        const texts = planned.ok
          ? planned.value.map(({ replacement }) => JSON.parse(replacement) as string)
          : [];
        expect(texts.join('').replaceAll('[redacted:x.phrase]', '')).toBe('Please .');
      }),
    );
  });
});
