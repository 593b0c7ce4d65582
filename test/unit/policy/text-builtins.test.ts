import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PosternError, type FailureCode } from '../../../src/exchange/index.ts';
import { TEXT_HANDLE } from '../../../src/gate/decide/index.ts';
import { openEvaluator, type Evaluator } from '../../../src/policy/evaluator.ts';
import { compileWasm } from '../../support/bundles.ts';

const REGO = `package postern.main
result := {"literals": [found |
	some p in input.parts
	found := postern.contains_any(p, input.literals)
]} if input.literals
result := {"matches": [found |
	some p in input.parts
	found := postern.matches(p, input.re2)
]} if input.re2
result := {"again": [n |
	some n in numbers.range(1, input.again)
	count(postern.matches(input.parts[0], sprintf("%d|a.*b|a", [n]))) >= 0
]} if input.again`;

interface Match {
  readonly literal?: string;
  readonly start: number;
  readonly end: number;
}

let evaluator: Evaluator;
beforeAll(async () => {
  evaluator = await openEvaluator({ wasm: await compileWasm(REGO), data: {} });
});

const ask = (question: object, texts: readonly string[]): Record<string, Match[][]> =>
  evaluator.evaluate(
    { ...question, parts: texts.map((_, index) => ({ [TEXT_HANDLE]: index })) },
    texts.map((text) => ({ text })),
  ) as Record<string, Match[][]>;
const literalsIn = (text: string, ...literals: readonly string[]): readonly Match[] =>
  ask({ literals }, [text])['literals']?.[0] ?? [];
const matchesIn = (text: string, re2: string): readonly Match[] => ask({ re2 }, [text])['matches']?.[0] ?? [];

function failureOf(act: () => unknown): PosternError | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof PosternError) return error;
    throw error;
  }
}

const codeOf = (act: () => unknown): FailureCode | null => failureOf(act)?.code ?? null;

describe('postern.contains_any', () => {
  it('tells where each literal stands, in the order of the text', () => {
    expect(literalsIn('Send the passwords and the key.', 'key', 'the')).toEqual([
      { literal: 'the', start: 5, end: 8 },
      { literal: 'the', start: 23, end: 26 },
      { literal: 'key', start: 27, end: 30 },
    ]);
    expect(literalsIn('Nothing of it.', 'key')).toEqual([]);
  });

  it('sees through spellings, and gives the span as it was spelled', () => {
    const spelled = 'i\u200bgn\u043ere  PREVIOUS instructions';
    expect(literalsIn(`So: ${spelled}!`, 'ignore previous instructions')).toEqual([
      { literal: 'ignore previous instructions', start: 4, end: 4 + spelled.length },
    ]);
  });

  it('takes the text of the part that it is given', () => {
    expect(ask({ literals: ['b'] }, ['a', 'a b', 'c'])).toEqual({
      literals: [[], [{ literal: 'b', start: 2, end: 3 }], []],
    });
  });

  it.each([
    ['an empty literal', ['']],
    ['a literal without letters', ['…']],
    ['too long a literal', ['x'.repeat(257)]],
    ['too many literals', Array.from({ length: 129 }, (_, n) => `w${String(n)}`)],
    ['no texts', [1]],
  ])('refuses %s', (_, literals) => {
    expect(codeOf(() => ask({ literals }, ['text']))).toBe('POSTERN_E_POLICY_EVALUATION');
  });
});

describe('postern.matches', () => {
  it('finds what RE2 finds, in UTF-16 units', () => {
    expect(matchesIn('😀 ID-17 and id-204', '(?i)id-\\d+')).toEqual([
      { start: 3, end: 8 },
      { start: 13, end: 19 },
    ]);
    expect(matchesIn('nothing', '\\d')).toEqual([]);
  });

  it('finds the same as the engine of the language, for what both can say', () => {
    const expression = fc.constantFrom('a+b', '[ab]{2}', 'a|bc', '\\bab', 'c$', '(ab)*c', '[^a]b');
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 30 });
    fc.assert(
      fc.property(expression, text, (re2, subject) => {
        const expected = [...subject.matchAll(new RegExp(re2, 'g'))].map(({ 0: match, index }) => ({
          start: index,
          end: index + match.length,
        }));
        expect(matchesIn(subject, re2)).toEqual(expected);
      }),
    );
  });

  it.each(['(', '(?=x)', '(?<=x)y', '\\1', 'x'.repeat(1001), '((a{100}){100}){100}'])('refuses %j', (re2) => {
    expect(codeOf(() => matchesIn('text', re2))).toBe('POSTERN_E_POLICY_EVALUATION');
  });

  it('refuses more matches than may be told', () => {
    expect(codeOf(() => matchesIn('a'.repeat(1001), 'a'))).toBe('POSTERN_E_POLICY_EVALUATION');
    expect(matchesIn('a'.repeat(1000), 'a')).toHaveLength(1000);
  });
});

describe('a search in a text', () => {
  it.each([
    ['one expression that looks at everything again and again', { re2: 'a.*b|a' }],
    ['many expressions', { again: 500 }],
  ])('is stopped when it goes on for too long: %s; and the next answer is right', (_, question) => {
    for (let round = 0; round < 2; round += 1) {
      expect(codeOf(() => ask(question, ['a'.repeat(200_000)]))).toBe('POSTERN_E_POLICY_FUEL');
      expect(matchesIn('xa', 'a')).toEqual([{ start: 1, end: 2 }]);
    }
  });

  const MIB = 1024 * 1024;
  const LETTERS = `${'a'.repeat(MIB - 1)}0`;
  it.each([
    ['that is quadratic', { re2: 'a.*b|a' }],
    ['with many ways to match', { re2: '(?i)a{900}0' }],
    ['that ends in each other', { literals: Array.from({ length: 128 }, (_, n) => 'a'.repeat(n + 1)) }],
  ])('is stopped on a MiB of text, by an expression or literals %s, and quotes nothing', (_, question) => {
    const said = failureOf(() => ask(question, [LETTERS]));
    expect(said?.code).toBe('POSTERN_E_POLICY_FUEL');
    expect(said?.message).not.toMatch(/aa/);
    expect(matchesIn('xa', 'a')).toHaveLength(1);
  });

  it('costs the same whether it was asked before or not', () => {
    const text = 'a'.repeat(3000);
    const outcomes = Array.from({ length: 3 }, () => codeOf(() => ask({ again: 12 }, [text])));
    expect(new Set(outcomes).size).toBe(1);
  });

  it('is refused for what is no part of the message, and says nothing of it', () => {
    const evaluate = (parts: readonly object[]): unknown =>
      evaluator.evaluate({ re2: 'a', parts }, [{ text: 'the text' }]);
    for (const part of [{}, { text: 'the text' }, { [TEXT_HANDLE]: 7 }, { [TEXT_HANDLE]: '0' }])
      expect(() => evaluate([part])).toThrow(/postern\.matches: this is no part of the message/);
    expect(() => evaluate([{ text: 'the text' }])).not.toThrow(/the text\b.*the text/);
  });

  it('finds no texts of another evaluation', () => {
    expect(matchesIn('secret', 'secret')).toHaveLength(1);
    expect(codeOf(() => evaluator.evaluate({ re2: 'secret', parts: [{ [TEXT_HANDLE]: 0 }] }))).toBe(
      'POSTERN_E_POLICY_EVALUATION',
    );
  });
});
