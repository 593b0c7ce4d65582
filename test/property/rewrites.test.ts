import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  dropHighEntropy,
  normalise,
  redactSpans,
  stripControls,
  trim,
  truncate,
} from '../../src/gate/enforce/rewrites/index.ts';

const UNITS = [
  'a',
  '7',
  ' ',
  '\n',
  '\u200b',
  '\u200d',
  '\ufe0f',
  '\u{e0067}',
  '\u202e',
  '👩',
  '👍🏽',
  '🏴',
  'क',
  '\u094d',
  'م',
  '葛',
  '\u{e0100}',
  'ﬁ',
  '𝓐',
  'ℋ',
  '\u0301',
  'Å',
  'aB3dE5fG7hJ9kL1mN2pQ4rS6',
  '/',
  '-',
];
const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.array(fc.constantFrom(...UNITS), { maxLength: 25 }).map((units) => units.join('')),
);

describe('rewrites', () => {
  it.each([
    ['trim', trim],
    ['normalise', normalise],
    ['stripControls', stripControls],
    ['dropHighEntropy', dropHighEntropy],
    ['truncate', (text: string): string => truncate(text, 7)],
  ])('done twice are done once: %s', (_, rewrite) => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const once = rewrite(text);
        expect(rewrite(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  it('truncate to a beginning of at most so many code points', () => {
    fc.assert(
      fc.property(TEXT, fc.nat(20), (text, limit) => {
        const cut = truncate(text, limit);
        expect(text.startsWith(cut)).toBe(true);
        expect(Array.from(cut).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('redact leave no unit of a span', () => {
    const spans = fc.array(
      fc
        .tuple(fc.nat(30), fc.nat(30))
        .map(([a, b]) => ({ code: 'x.y', start: Math.min(a, b), end: Math.max(a, b) + 1 })),
    );
    fc.assert(
      fc.property(spans, (found) => {
        const text = Array.from({ length: 31 }, (_, i) => String.fromCharCode(0x4e00 + i)).join('');
        const redacted = redactSpans(text, found);
        for (let i = 0; i < text.length; i += 1) {
          const covered = found.some(({ start, end }) => start <= i && i < end);
          expect(redacted.includes(text.charAt(i))).toBe(!covered);
        }
      }),
    );
  });
});
