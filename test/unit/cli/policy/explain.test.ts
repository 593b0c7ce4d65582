import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOpener, type Open } from '../../../../src/cli/cases/index.ts';
import { askAbout, type Asked, type Subject } from '../../../../src/cli/policy/explain-ask.ts';
import { joinExplanation, type Explained } from '../../../../src/cli/policy/explain-join.ts';
import type { Bundle } from '../../../../src/policy/bundle.ts';
import {
  assemblePolicies,
  NO_SOURCES,
  readBuiltin,
  type Explanation,
  type PolicySources,
  type RegoCompiler,
} from '../../../../src/policy/compiler/index.ts';
import { compileBuiltIn } from '../../../support/built-in-policies.ts';
import { requireCompiler } from '../../../support/rego.ts';

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe('an explanation', () => {
  let compiler: RegoCompiler;
  let builtin: PolicySources;
  let bundle: Bundle;
  let open: Open;
  beforeAll(async () => {
    compiler = await requireCompiler();
    builtin = await readBuiltin();
    bundle = await compileBuiltIn(compiler);
    open = createOpener(bundle);
  }, 60_000);

  const ask = async (subject: Subject): Promise<Asked> =>
    unwrap(await askAbout(subject, { own: builtin, open }));

  async function explain({ input, opened }: Asked): Promise<Explanation> {
    const { modules } = unwrap(await assemblePolicies(NO_SOURCES, { compiler, builtin }));
    if (input === null || compiler.explain === null) throw new Error('There is nothing to explain.');
    return unwrap(await compiler.explain({ modules, data: opened.data, input }));
  }

  async function explainCase(name: string): Promise<Explained> {
    const asked = await ask({ kind: 'case', name, operation: undefined });
    return unwrap(joinExplanation(asked, await explain(asked)));
  }

  it.each([
    'a tool that executes code is not offered',
    'a tool that executes code is not called, however its arguments arrive',
    'a phrase of prompt injection is denied',
    'a field that nobody knows is denied',
    'settings of the wrong kind forbid everything that is asked',
    'a long text is cut where a team prefers that',
    'a request may not ask for more',
    'a fallback must be on the list too',
    'characters that no reader sees are taken out of what users say',
    'a credential in an answer is masked, however it arrives',
    'a credential is only flagged where a team prefers that',
    'an instruction is put in front',
    'a plain phrase in a field that nobody knows is escalated, and the field is denied',
  ])('names the rule and the facts of every verdict, as WebAssembly has them: %s', async (name) => {
    const { decision, verdicts, differs } = await explainCase(name);
    expect(differs).toBe(false);
    const said = (each: { policy: string; code: string }): string => `${each.policy} ${each.code}`;
    expect(verdicts.map(({ verdict }) => said(verdict))).toEqual(decision?.verdicts.map(said));
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts.filter(({ facts, row }) => facts.length === 0 || row === 0)).toEqual([]);
  });

  it('names what a verdict rests on, and no more', async () => {
    const { verdicts, silent } = await explainCase('a request may not ask for more');
    expect(verdicts.map(({ facts }) => facts)).toEqual([
      [
        { path: 'input.phase', value: 'request' },
        { path: 'input.limits.max_output_tokens', value: 101 },
        { path: 'data.config.limits.max_output_tokens', value: 100 },
      ],
    ]);
    const [tools] = silent.filter(({ policy }) => policy === 'code.execution');
    expect(tools?.stuck?.facts).toEqual([{ path: 'input.tools', value: [] }]);
  });

  it('is of the answer where the case has one, and of the whole of a stream', async () => {
    const asked = await ask({
      kind: 'case',
      name: 'an event that is not JSON is no answer',
      operation: undefined,
    });
    expect(asked).toMatchObject({
      input: null,
      heard: { kind: 'failed', code: 'POSTERN_E_UPSTREAM_RESPONSE' },
    });
    expect(unwrap(joinExplanation(asked, null))).toMatchObject({ decision: null, verdicts: [] });
  });

  it('says so when WebAssembly and the evaluator differ', async () => {
    const asked = await ask({ kind: 'case', name: 'a request may not ask for more', operation: undefined });
    const explanation = await explain(asked);
    const other = { ...(explanation.result as object), 'limits.output': { verdicts: [] } };
    expect(unwrap(joinExplanation(asked, { ...explanation, result: other })).differs).toBe(true);
  });
});
