// How long a policy can hold up everybody else: each of the hostile set asked until it is stopped, and an honest one behind it.
import { PosternError } from '../../../src/exchange/index.ts';
import { openEvaluator, type Evaluator } from '../../../src/policy/evaluator.ts';
import { HOSTILE, HOSTILE_INPUT } from '../../support/hostile.ts';

const ROUNDS = 15;

export interface Refusal {
  readonly policy: string;
  readonly code: string;
  /** The longest of all rounds: from the question to the refusal. */
  readonly refusedMs: number;
  /** The longest: from the question behind it, asked at the same time, to its answer. */
  readonly nextMs: number;
}

export async function measureRefusals(wasm: Uint8Array): Promise<readonly Refusal[]> {
  const evaluator = await openEvaluator({ wasm, data: {} });
  return Object.keys(HOSTILE).map((policy) => refuseOver(evaluator, policy));
}

function refuseOver(evaluator: Evaluator, policy: string): Refusal {
  const rounds = Array.from({ length: ROUNDS }, (_, n) => {
    const startMs = performance.now();
    const code = refusalOf(() => evaluator.evaluate({ ...HOSTILE_INPUT, act: policy }));
    const refusedMs = performance.now() - startMs;
    const answer = JSON.stringify(evaluator.evaluate({ n }));
    if (answer !== JSON.stringify({ n: n + 1 })) throw new Error(`after ${policy}: ${answer}`);
    return { code, refusedMs, nextMs: performance.now() - startMs };
  });
  return {
    policy,
    code: rounds[0]?.code ?? '',
    refusedMs: Math.max(...rounds.map(({ refusedMs }) => refusedMs)),
    nextMs: Math.max(...rounds.map(({ nextMs }) => nextMs)),
  };
}

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PosternError) return error.code;
    throw error;
  }
  throw new Error('It was not refused.');
}
