import { describe, expect, it } from '@jest/globals';
import { PosternError } from '../../src/exchange/index.ts';
import { meterModule } from '../../src/policy/compiler/meter.ts';
import { openEvaluator, type Evaluator } from '../../src/policy/evaluator.ts';
import { readModule, readPinned, readSuite, type OpaCase } from '../support/conformance.ts';
import { matches } from './matches.ts';

interface Pinned {
  readonly differing: readonly Reason[];
  readonly refused: readonly Reason[];
}

interface Reason {
  readonly why: string;
  readonly cases: readonly string[];
}

const suite = readSuite();
const pinned = readPinned('cases.yaml') as Pinned;
const { host, forbidden } = readPinned('builtins.yaml') as { host: readonly string[]; forbidden: object };
const listCases = (reasons: readonly Reason[]): string[] => reasons.flatMap(({ cases }) => cases).sort();

function isAnswered(evaluator: Evaluator, { input, want, fails }: OpaCase): boolean {
  try {
    const { answer } = evaluator.evaluate(input) as { readonly answer: unknown };
    return !fails && matches(want, answer);
  } catch (error) {
    return fails && error instanceof PosternError;
  }
}

const describeSuite = suite === null ? describe.skip : describe;

describeSuite(`the cases of OPA ${suite?.version ?? '(make conformance)'}`, () => {
  const { groups, refused } = suite ?? { groups: [], refused: [] };

  it('are answered by our host as OPA answers them', async () => {
    const differing: string[] = [];
    let asked = 0;
    for (const group of groups) {
      const evaluator = await openEvaluator({ wasm: meterModule(readModule(group)), data: group.data });
      for (const each of group.cases) if (!isAnswered(evaluator, each)) differing.push(each.note);
      asked += group.cases.length;
    }
    expect(differing.sort()).toEqual(listCases(pinned.differing));
    expect(asked).toBeGreaterThan(1400);
  });

  it('are left out only for a reason', () => {
    const unexplained = refused.filter(({ lacking }) => (lacking ?? []).length === 0);
    expect(unexplained.map(({ note }) => note).sort()).toEqual(listCases(pinned.refused));
  });

  it('are left out for built-ins only where the built-in is one that policies do not have', () => {
    const known = new Set([...host, ...Object.keys(forbidden), ...OF_TESTS]);
    const lacking = refused.flatMap((each) => each.lacking ?? []);
    expect(lacking.filter((name) => !known.has(name))).toEqual([]);
  });
});

/** Built-ins that only OPA's own tests have. */
const OF_TESTS = ['test.sleep'];
