import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PosternError } from '../../src/exchange/index.ts';
import {
  assemblePolicies,
  buildData,
  compilePolicies,
  NO_SOURCES,
  readBuiltin,
  type RegoCompiler,
  type RegoModule,
} from '../../src/policy/compiler/index.ts';
import { readBundle } from '../../src/policy/bundle.ts';
import { openEvaluator, type Evaluator } from '../../src/policy/evaluator.ts';
import { writeCanonical } from '../support/canonical.ts';
import { DAMAGED_INPUT, POLICY_INPUT } from '../support/policy-inputs.ts';
import { requireCompiler } from '../support/rego.ts';

/** All at once, which saves compiling for each. */
const INPUTS = '@inputs';
const QUERY = `{number: result |
	some number, message in data["${INPUTS}"]
	result := data.postern.main.result with input as message
}`;

const SETTINGS: readonly object[] = [
  {},
  { max_user_length: 100, on_too_long: 'truncate', allow_code_execution: true, secrets_in_prompts: 'deny' },
  { system: { sha256: ['a'.repeat(64)], prepend: 'Be kind.' }, models: { allow: ['gpt-*'] }, media: 'allow' },
  { references: ['model'], unknown_fields: 'allow', sanitise: { trim: true, strip_controls: 'always' } },
  { limits: { n: 1 }, allowed_phrases: ['injection.ignore_previous'], secrets_in_prompts: 'flag' },
];

interface Program {
  readonly modules: readonly RegoModule[];
  readonly wasm: Uint8Array;
}

describe('the built-in policies, of whatever they are told', () => {
  let compiler: RegoCompiler;
  let program: Program;
  beforeAll(async () => {
    compiler = await requireCompiler();
    const options = { compiler, builtin: await readBuiltin(), platform: NO_SOURCES, revision: '' };
    const assembled = await assemblePolicies(NO_SOURCES, options);
    const bytes = await compilePolicies(NO_SOURCES, options);
    const bundle = bytes.ok ? readBundle(bytes.value) : bytes;
    if (!assembled.ok || !bundle.ok) throw new Error('The built-in policies do not compile.');
    program = { modules: assembled.value.modules, wasm: bundle.value.wasm };
  }, 60_000);

  async function askOpa(inputs: readonly object[], data: object): Promise<readonly unknown[]> {
    const question = {
      modules: program.modules,
      data: { ...data, [INPUTS]: inputs },
      input: {},
      query: QUERY,
    };
    const answer = await compiler.evaluate(question);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    const [results] = answer.value as readonly [Readonly<Record<string, unknown>>];
    return inputs.map((_, number) => results[String(number)]);
  }

  it.each(SETTINGS.map((settings) => [JSON.stringify(settings), settings]))(
    'OPA and WASM say the same with %s',
    async (_, settings) => {
      const changes = { name: 'config.json', file: '', text: JSON.stringify(settings) };
      const data = buildData((await readBuiltin()).data, [changes]);
      if (!data.ok) throw new Error('The settings are none.');
      const evaluator = await openEvaluator({ wasm: program.wasm, data: data.value });
      const inputs = fc.array(fc.oneof(POLICY_INPUT, DAMAGED_INPUT), { minLength: 120, maxLength: 120 });
      await fc.assert(
        fc.asyncProperty(inputs, async (batch) => {
          const said = await askOpa(batch, data.value);
          for (const [number, input] of batch.entries())
            expect([input, askWasm(evaluator, input)]).toEqual([input, writeCanonical(said[number])]);
        }),
        { numRuns: 1, interruptAfterTimeLimit: 20_000 },
      );
    },
  );
});

/** Undefined, as OPA says it, where there is no result. */
function askWasm(evaluator: Evaluator, input: object): string {
  try {
    return writeCanonical(evaluator.evaluate(input));
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return writeCanonical(undefined);
  }
}
