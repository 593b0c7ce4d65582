import { describe, expect, it } from '@jest/globals';
import { canonicalise } from '../../../../src/gate/canonicalise/index.ts';
import { createExpressionSearch, createLiteralSearch } from '../../../../src/gate/inspect/index.ts';

const LENGTH = 3_000;
const LETTERS = `${'a'.repeat(LENGTH - 1)}0`;
const PROSE = 'The gate keeper asked what the visitor wanted. '.repeat(LENGTH / 47);

/** Units for each character of the text. */
function costOf(search: (spend: (units: number) => void) => unknown): number {
  let units = 0;
  search((spent) => (units += spent));
  return units / LENGTH;
}

const priceOfExpression = (re2: string, text: string): number => {
  const made = createExpressionSearch(re2);
  if (!made.ok) throw new Error(made.error);
  return costOf((spend) => made.value.find(text, { spend }, 1000));
};

const priceOfLiterals = (literals: readonly string[], text: string): number => {
  const made = createLiteralSearch(literals);
  if (!made.ok) throw new Error(made.error);
  return costOf((spend) => made.value.find(canonicalise(text), { spend }, 1000));
};

describe('what a search costs', () => {
  it.each(['\\b\\d{13,16}\\b', '(?i)(ignore|disregard)\\s+.{0,40}\\binstructions\\b'])(
    'is about a look at each character, for an expression that finds nothing: %s',
    (re2) => {
      expect(priceOfExpression(re2, PROSE)).toBeLessThan(2);
    },
  );

  it.each(['(?i)a{900}0', '[ab]*a[ab]{400}c|0', '\\pL*\\pL{400}0'])(
    'is what all ways to match cost that it keeps open: %s',
    (re2) => {
      expect(priceOfExpression(re2, LETTERS)).toBeGreaterThan(100);
    },
  );

  it('hardly depends on how many literals there are', () => {
    const twenty = Array.from({ length: 20 }, (_, n) => `phrase number ${String(n)}`);
    expect(priceOfLiterals(twenty, PROSE)).toBe(priceOfLiterals(['phrase'], PROSE));
  });

  it('depends on how many literals may end at one character', () => {
    const nested = Array.from({ length: 128 }, (_, n) => 'a'.repeat(n + 1));
    expect(priceOfLiterals(nested, LETTERS)).toBeGreaterThan(16);
  });

  it('has a part for each place that is found', () => {
    const [few, many] = ['ab '.repeat(LENGTH / 3), 'a  '.repeat(LENGTH / 3)];
    expect(priceOfLiterals(['a'], many) - priceOfLiterals(['a'], few)).toBeGreaterThan(2);
  });
});
