import { beforeAll, describe, expect, it } from '@jest/globals';
import { readsText } from '../../../../src/gate/decide/index.ts';
import { readBundle, type Bundle } from '../../../../src/policy/bundle.ts';
import {
  compilePolicies,
  NO_SOURCES,
  type PolicySources,
  type RegoCompiler,
} from '../../../../src/policy/compiler/index.ts';
import { openEvaluator } from '../../../../src/policy/evaluator.ts';
import { requireCompiler, sourcesOf } from '../../../support/rego.ts';

const LENGTH = `# METADATA
# title: Length
# description: Not too long.
# custom:
#   severity: low
#   phases: [request]
#   default_mode: audit
package postern.policies.limits.length

verdicts contains verdict if {
	some part in input.parts
	part.chars > data.config.max_user_length
	verdict := {"action": "deny", "code": "too_long", "message": sprintf("%d is more than %v", [part.chars, data.config.max_user_length])}
}
`;
const PLAIN = `package postern.policies.legal.plain

warn contains "It has parts." if count(input.parts) > 0
`;
const BUILTIN = sourcesOf(
  { 'policies/length.rego': LENGTH, 'data.yaml': 'config: {max_user_length: 10, other: 1}\npatterns: []' },
  '@postern/',
);

let compiler: RegoCompiler;
beforeAll(async () => {
  compiler = await requireCompiler();
});

async function compile(own: PolicySources, builtin = BUILTIN): Promise<{ bytes: Buffer; bundle: Bundle }> {
  const bytes = await compilePolicies(own, { compiler, builtin, revision: 'r1' });
  if (!bytes.ok) throw new Error(JSON.stringify(bytes.error));
  const bundle = readBundle(bytes.value);
  if (!bundle.ok) throw new Error(bundle.error.message);
  return { bytes: bytes.value, bundle: bundle.value };
}

describe('compiling policies', () => {
  it('asks every policy for the rules it has, and for no other', async () => {
    const { bundle } = await compile(sourcesOf({ 'plain.rego': PLAIN }));
    const evaluator = await openEvaluator(bundle);
    expect(evaluator.evaluate({})).toEqual({
      'legal.plain': { warn: [] },
      'limits.length': { verdicts: [] },
    });
    expect(evaluator.evaluate({ parts: [{ chars: 11 }] })).toEqual({
      'legal.plain': { warn: ['It has parts.'] },
      'limits.length': {
        verdicts: [{ action: 'deny', code: 'too_long', message: '11 is more than 10' }],
      },
    });
  });

  it('takes metadata as written, and says what it assumes where there is none', async () => {
    const { bundle } = await compile(sourcesOf({ 'plain.rego': PLAIN }));
    expect(bundle.policies).toEqual([
      {
        id: 'legal.plain',
        title: 'legal.plain',
        description: '',
        severity: 'medium',
        phases: ['request', 'response'],
        defaultMode: 'enforce',
        level: 'platform',
      },
      {
        id: 'limits.length',
        title: 'Length',
        description: 'Not too long.',
        severity: 'low',
        phases: ['request'],
        defaultMode: 'audit',
        level: 'platform',
      },
    ]);
    expect(bundle.revision).toBe('r1');
    expect(bundle.compiler).toMatch(/^opa \d+\.\d+\.\d+$/);
  });

  it('lets a team’s data win key by key, and adds patterns up', async () => {
    const own = sourcesOf({
      'plain.rego': PLAIN,
      'config.json': '{"max_user_length": 5}',
      'patterns.yaml': '- {id: a.b, literal: a phrase, severity: low}',
    });
    const { bundle } = await compile(own);
    expect(bundle.data['config']).toEqual({ max_user_length: 5, other: 1 });
    expect(bundle.data['patterns']).toHaveLength(1);
  });

  it('gives equal bytes for equal sources, in whatever order they come', async () => {
    const [one, other] = [
      sourcesOf({ 'a.rego': PLAIN, 'x.json': '1', 'y.json': '2' }),
      sourcesOf({ 'y.json': '2', 'x.json': '1', 'a.rego': PLAIN }),
    ];
    expect((await compile(one)).bytes.equals((await compile(other)).bytes)).toBe(true);
  });

  it('never ships a test', async () => {
    const test = 'package postern.policies.legal.plain_test\n\ntest_it if http.send({}).x == 1\n';
    const [with_, without] = [
      sourcesOf({ 'a.rego': PLAIN, 'a_test.rego': test }),
      sourcesOf({ 'a.rego': PLAIN }),
    ];
    expect((await compile(with_)).bundle.digest).toBe((await compile(without)).bundle.digest);
  });

  it('leaves text in the input only where a policy may read it', async () => {
    const reading = `package postern.policies.x.y\n\ndeny contains "x" if input.parts[_].text == "x"\n`;
    expect(
      readsText((await compile(sourcesOf({ 'a.rego': reading }), NO_SOURCES)).bundle.reads, 'request'),
    ).toBe(true);
    const kind = `package postern.policies.x.y\n\ndeny contains "x" if input.parts[_].kind == "text"\n`;
    expect(
      readsText((await compile(sourcesOf({ 'a.rego': kind }), NO_SOURCES)).bundle.reads, 'request'),
    ).toBe(false);
  });

  // Sets of several are printed too, but in an order of WASM's own.
  it('says in WASM what it says in a test', async () => {
    const values =
      '1, -2.5, 1e3, 12345678901, true, null, "a\\"b", [1, "x"], {"k": [1, 2]}, {"s"}, [], {"é": "ü"}';
    const messages = `package postern.policies.x.y

values := [${values}]

warn contains sprintf("%v|%s|100 %%", [value, "s"]) if some value in values

warn contains $"{value}|{input.limits.none}" if some value in values

warn contains sprintf("%d %v", [count(values), input.limits.none])
`;
    const own = sourcesOf({ 'a.rego': messages });
    const { bundle } = await compile(own, NO_SOURCES);
    const evaluator = await openEvaluator(bundle);
    const compiled = evaluator.evaluate({}) as { 'x.y': { warn: string[] } };
    const query = 'data.postern.policies.x.y.warn';
    const evaluated = await compiler.evaluate({ modules: own.modules, data: {}, input: {}, query });
    if (!evaluated.ok) throw new Error(JSON.stringify(evaluated.error));
    const expected = evaluated.value[0] as string[];
    expect(expected).toHaveLength(24);
    expect(compiled['x.y'].warn.toSorted()).toEqual(expected.toSorted());
  });
});
