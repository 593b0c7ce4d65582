// What counting steps costs the built-in policies: the same module with and without its ticks, asked in turn in one run.
import { fuelFor } from '../../../src/policy/fuel.ts';
import { ask, layUp, loadPolicy, startInstance, type Instance } from '../../../src/policy/instance.ts';
import { percentile } from '../report.ts';
import type { Twins } from './modules.ts';

const ROUNDS = 40;
const CALLS = 250;

const PART = { lane: '0.0.text', kind: 'text', name: '', media: '', chars: 500 };
/** A chat of two turns, as the host describes it to policies that read every field but the text. */
const INPUT = {
  phase: 'request',
  partial: false,
  provider: 'openai',
  dialect: 'openai.chat',
  operation: 'chat',
  model: 'gpt-4o',
  stream: false,
  upstream: { name: 'openai', host: 'api.openai.com' },
  parts: ['system', 'user'].map((origin, turn) => ({ ...PART, turn, role: origin, origin })),
  tools: [],
  references: [],
  limits: {},
  findings: [],
  coverage: { bytes: 1100, judged: 1100, opaque: 0, unknown_fields: 0 },
  usage: {},
  finish_reasons: [],
};

export interface FuelFigures {
  readonly meteredP50Us: number;
  readonly unmeteredP50Us: number;
  /** Of what one evaluation may use. */
  readonly shareUsed: number;
}

export async function measureFuel({ metered, unmetered, data }: Twins): Promise<FuelFigures> {
  const text = JSON.stringify(INPUT);
  const inputBytes = Buffer.byteLength(text);
  const fuel = fuelFor(inputBytes);
  const question = { entrypoint: 0, input: text, inputBytes, fuel, largestAnswerBytes: 65_536 };
  const arms = [await start(metered, data), await start(unmetered, data)].map((instance) => ({
    instance,
    took: [] as number[],
  }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { instance, took } of round % 2 === 0 ? arms : arms.toReversed()) {
      const times = timeCalls(() => ask(instance, question));
      if (round > ROUNDS / 4) took.push(...times);
    }
  }
  const [withTicks, without] = arms.map(({ took }) => percentile(took, 0.5));
  const left = arms[0]?.instance.exports.postern_fuel.value ?? Number.NaN;
  return {
    meteredP50Us: withTicks ?? Number.NaN,
    unmeteredP50Us: without ?? Number.NaN,
    shareUsed: 1 - left / fuel,
  };
}

const timeCalls = (act: () => unknown): number[] =>
  Array.from({ length: CALLS }, () => {
    const startMs = performance.now();
    act();
    return (performance.now() - startMs) * 1000;
  });

async function start(wasm: Uint8Array, data: object): Promise<Instance> {
  const module = await WebAssembly.compile(Uint8Array.from(wasm));
  return startInstance(module, layUp(loadPolicy(module, {}), data), {});
}
