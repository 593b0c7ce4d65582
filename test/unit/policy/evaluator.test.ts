import { beforeAll, describe, expect, it } from '@jest/globals';
import { PosternError } from '../../../src/exchange/index.ts';
import { openEvaluator, type Evaluator } from '../../../src/policy/evaluator.ts';
import { compileForOpaWasm, compileUnmetered, compileWasm } from '../../support/bundles.ts';

const REGO = `package postern.main
result := {"test.policy": {"deny": denials}} if not input.silent
denials contains sprintf("n is %d", [input.n]) if input.n > data.config.most
denials contains "never" if { some x in numbers.range(1, input.range); x < 0 }
conflict := "a" if input.conflict
conflict := "b" if input.conflict
denials contains conflict
`;
const DATA = { config: { most: 10 } };
const ALLOWED = { 'test.policy': { deny: [] } };

/** Thrown with this detail and nothing of the input. */
const failure = (detail: RegExp): RegExp =>
  new RegExp(`^The policies could not be evaluated\\. ${detail.source}$`);

describe('an evaluator', () => {
  let wasm: Uint8Array;
  let evaluator: Evaluator;

  beforeAll(async () => {
    wasm = await compileWasm(REGO);
    evaluator = await openEvaluator({ wasm, data: DATA });
  });

  it('answers what the policies say of an input, with the data of the bundle', () => {
    expect(evaluator.evaluate({ n: 11 })).toEqual({ 'test.policy': { deny: ['n is 11'] } });
    expect(evaluator.evaluate({ n: 10 })).toEqual(ALLOWED);
  });

  it('fails with the one code there is for it, and without a cause that could quote the input', () => {
    let thrown: unknown;
    try {
      evaluator.evaluate({ conflict: true });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(PosternError);
    expect(thrown).toMatchObject({ code: 'POSTERN_E_POLICY_EVALUATION' });
    expect(thrown).not.toHaveProperty('cause');
  });

  it('takes plain objects only, as anything else is read as another shape or as nothing', () => {
    const inputs = [
      Buffer.from('{"n":11}'),
      new Uint8Array(3).buffer,
      [{ n: 11 }],
      new Map([['n', 11]]),
      new Date(0),
    ];
    for (const input of inputs)
      expect(() => evaluator.evaluate(input)).toThrow(failure(/The input is not a plain object\./));
    for (const input of [null, undefined, '', 0, '{"n":11}'] as unknown as object[]) {
      expect(() => evaluator.evaluate(input)).toThrow(failure(/The input is not a plain object\./));
    }
    expect(evaluator.evaluate(Object.assign(Object.create(null) as object, { n: 11 }))).not.toEqual(ALLOWED);
  });

  it('fails when the result is undefined, and is right again after', () => {
    expect(() => evaluator.evaluate({ silent: true })).toThrow(
      failure(/The result is undefined or not an object\./),
    );
    expect(evaluator.evaluate({ n: 10 })).toEqual(ALLOWED);
  });

  it('fails without a word of the input when rules conflict, and is right again after', () => {
    expect(() => evaluator.evaluate({ conflict: true, note: 'secret' })).toThrow(
      failure(/The evaluation was given up: aborted\./),
    );
    expect(evaluator.evaluate({ n: 11 })).toEqual({ 'test.policy': { deny: ['n is 11'] } });
  });

  it('stops a policy that takes more steps than it is given, and is right again after', () => {
    for (let round = 0; round < 3; round += 1) {
      expect(() => evaluator.evaluate({ range: 10_000_000 })).toThrow(
        expect.objectContaining({ code: 'POSTERN_E_POLICY_FUEL' }),
      );
      expect(evaluator.evaluate({ n: 11 })).toEqual({ 'test.policy': { deny: ['n is 11'] } });
    }
  });

  it('does not take an input that is larger than policies can be asked about', () => {
    expect(() => evaluator.evaluate({ n: 1, text: 'x'.repeat(2 ** 20) })).toThrow(
      expect.objectContaining({ code: 'POSTERN_E_POLICY_INPUT' }),
    );
    expect(evaluator.evaluate({ n: 10 })).toEqual(ALLOWED);
  });

  it('lets an instance go that has grown large, and answers on', () => {
    const text = 'x'.repeat(900 * 1024);
    for (let round = 0; round < 3; round += 1)
      expect(evaluator.evaluate({ n: 10, text, more: Array(2000).fill(1) })).toEqual(ALLOWED);
  });
});

describe('a module', () => {
  const open = (wasm: Uint8Array, data: object = {}): Promise<Evaluator> =>
    openEvaluator({ wasm, data: data as Record<string, unknown> });

  it('is refused when it is not WebAssembly', async () => {
    await expect(open(Buffer.from('no module'))).rejects.toThrow(failure(/The module is not WebAssembly\./));
  });

  it('is refused when it is WebAssembly but not of OPA', async () => {
    await expect(open(Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).rejects.toThrow(
      failure(/The module is not one of OPA, or too old\./),
    );
  });

  it('is refused when it asks the host for a built-in, even one that opa-wasm has', async () => {
    const wasm = await compileForOpaWasm('package postern.main\nresult := {"a": yaml.is_valid(input.text)}');
    await expect(open(wasm)).rejects.toThrow(
      failure(/The module needs built-ins that are not offered: yaml\.is_valid\./),
    );
  });

  it('is refused when it is not metered', async () => {
    await expect(open(await compileUnmetered(REGO))).rejects.toThrow(
      failure(/The module is not metered: build it with `postern policy build`\./),
    );
  });

  it('is refused when its data does not fit the memory', async () => {
    await expect(
      open(await compileWasm(REGO), { big: Array.from({ length: 4_000_000 }, () => 0) }),
    ).rejects.toThrow(expect.objectContaining({ code: 'POSTERN_E_POLICY_MEMORY' }));
  });
});
