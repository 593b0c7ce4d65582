import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PosternError } from '../../src/exchange/index.ts';
import { TEXT_HANDLE } from '../../src/gate/decide/index.ts';
import type { RegoCompiler } from '../../src/policy/compiler/index.ts';
import { openEvaluator, type Evaluator } from '../../src/policy/evaluator.ts';
import { compileWasm } from '../support/bundles.ts';
import { writeCanonical } from '../support/canonical.ts';
import { requireCompiler } from '../support/rego.ts';

/** What is looked for comes in fields of the input that may hold any text. */
const REGO = `package postern.main

result := {
	"spans": [{"part": i, "start": found.start, "end": found.end} |
		some i, p in input.parts
		some found in postern.matches(p, input.model)
	],
	"literals": [found |
		some p in input.parts
		some found in postern.contains_any(p, input.finish_reasons)
	],
	"free": [i | some i, p in input.parts; count(postern.contains_any(p, {"ignore previous", "ab"})) == 0],
}
`;

const UNIT = fc.constantFrom('a', 'b', ' ', 'A', '\u0430', '\u200b', '1', '😀', '-', 'ignore previous');
const QUESTION = fc.record({
  texts: fc.array(fc.string({ unit: UNIT, maxLength: 40 }), { maxLength: 4 }),
  re2: fc.constantFrom('a+', '(?i)a.b', '\\bab\\b', '[^ ]+', '$', '😀?1', 'x'),
  literals: fc.subarray(['ab', 'a b', 'A', 'ignore previous', '1']),
});

interface Question {
  readonly texts: readonly string[];
  readonly re2: string;
  readonly literals: readonly string[];
}

const describeTo = (
  { texts, re2, literals }: Question,
  describePart: (text: string, index: number) => object,
): object => ({
  model: re2,
  finish_reasons: literals,
  parts: texts.map(describePart),
});

/** All at once, which saves compiling for each. */
const ASKED = '@asked';
const QUERY = `[result | some asked in data["${ASKED}"]; result := data.postern.main.result with input as asked]`;

describe('a policy that looks into texts', () => {
  let compiler: RegoCompiler;
  let evaluator: Evaluator;
  beforeAll(async () => {
    compiler = await requireCompiler();
    evaluator = await openEvaluator({ wasm: await compileWasm(REGO), data: {} });
  });

  function askWasm(question: Question): object | null {
    const input = describeTo(question, (_, index) => ({ [TEXT_HANDLE]: index }));
    const texts = question.texts.map((text) => ({ text }));
    try {
      return evaluator.evaluate(input, texts);
    } catch (error) {
      if (error instanceof PosternError) return null;
      throw error;
    }
  }

  async function askOpa(questions: readonly Question[]): Promise<readonly unknown[] | null> {
    const data = { [ASKED]: questions.map((question) => describeTo(question, (text) => ({ text }))) };
    const modules = [{ file: 'main.rego', text: REGO, test: false }];
    const answer = await compiler.evaluate({ modules, data, input: {}, query: QUERY });
    if (answer.ok) return answer.value[0] as readonly unknown[];
    expect(answer.error).toEqual([expect.objectContaining({ code: 'eval_builtin_error' })]);
    return null;
  }

  it('is told in OPA, where parts carry texts, what it is told in WASM, where they carry handles', async () => {
    const questions = fc.array(QUESTION, { minLength: 150, maxLength: 150 });
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(questions, async (batch) => {
        const said = batch.map(askWasm);
        expect(writeCanonical(await askOpa(batch))).toEqual(writeCanonical(said));
        for (const each of said) outcomes.add(writeCanonical(each));
      }),
      { numRuns: 2, endOnFailure: true },
    );
    expect(outcomes.size).toBeGreaterThan(50);
  });

  it.each([
    { texts: ['a'], re2: '(', literals: [] },
    { texts: ['a'], re2: '(?=a)', literals: [] },
    { texts: ['a'], re2: 'a', literals: ['…'] },
    { texts: ['a'.repeat(1001)], re2: 'a', literals: [] },
  ])('is refused in both: %#', async (question) => {
    expect([askWasm(question), await askOpa([question])]).toEqual([null, null]);
  });
});
