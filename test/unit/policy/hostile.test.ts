import { beforeAll, describe, expect, it } from '@jest/globals';
import { PosternError, type FailureCode } from '../../../src/exchange/index.ts';
import { openEvaluator, type Evaluator } from '../../../src/policy/evaluator.ts';
import { compileWasm } from '../../support/bundles.ts';
import { HOSTILE, HOSTILE_INPUT, HOSTILE_REGO } from '../../support/hostile.ts';

describe('a hostile policy', () => {
  let evaluator: Evaluator;
  beforeAll(async () => {
    evaluator = await openEvaluator({ wasm: await compileWasm(HOSTILE_REGO), data: {} });
  });

  it.each(Object.keys(HOSTILE))('is stopped: %s; and the next answer is right', (act) => {
    for (let round = 0; round < 3; round += 1) {
      expect(codeOf(() => evaluator.evaluate({ ...HOSTILE_INPUT, act }))).toMatch(
        /^POSTERN_E_POLICY_(?:FUEL|MEMORY)$/,
      );
      expect(evaluator.evaluate({ n: round })).toEqual({ n: round + 1 });
    }
  });

  it('gives no answer that is larger than may be read', () => {
    expect(
      codeOf(() => evaluator.evaluate({ long: HOSTILE_INPUT.long, large: true, pad: 'a'.repeat(900_000) })),
    ).toBe('POSTERN_E_POLICY_RESULT');
    expect(evaluator.evaluate({ n: 1 })).toEqual({ n: 2 });
  });
});

function codeOf(act: () => unknown): FailureCode | 'none' {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof PosternError) return error.code;
    throw error;
  }
}
