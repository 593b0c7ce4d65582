import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type * as OpaWasm from '@open-policy-agent/opa-wasm';
import { listHostBuiltins } from '../../src/policy/builtins/index.ts';
import { openRegoc } from '../../src/policy/compiler/regoc.ts';
import { REGOC } from '../support/bundles.ts';
import { readPinned, readSuite, type Builtin } from '../support/conformance.ts';
import { requireCompiler } from '../support/rego.ts';

const { loadPolicySync } = createRequire(import.meta.url)('@open-policy-agent/opa-wasm') as typeof OpaWasm;

interface Pinned {
  readonly host: readonly string[];
  readonly forbidden: Readonly<Record<string, string>>;
  readonly own: readonly string[];
}

const FILE = join(import.meta.dirname, '../../rego/capabilities.json');
const { builtins: offered, features } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly builtins: readonly Builtin[];
  readonly features: readonly string[];
};
const { host, forbidden, own } = readPinned('builtins.yaml') as Pinned;
const suite = readSuite();
const current = suite?.capabilities.builtins.filter(({ deprecated }) => deprecated !== true) ?? [];

const namesOf = (builtins: readonly Builtin[]): string[] => builtins.map(({ name }) => name);
const isOwn = ({ name }: Builtin): boolean => own.includes(name);

/** Said by their signs, since they are not parsed as calls. */
const SIGNS: Readonly<Record<string, string>> = {
  and: 'x := {1} & {2}',
  assign: 'x := 1',
  eq: 'x = input.x',
  or: 'x := {1} | {2}',
};
const SAMPLES: Readonly<Record<string, string>> = {
  number: 'input.n',
  string: 'input.s',
  array: 'input.a',
  object: 'input.o',
  set: '{input.n}',
  boolean: 'input.b',
};

function writeCall({ name, decl }: Builtin): string {
  const call = `${name}(${(decl.args ?? []).map(({ type }) => SAMPLES[type] ?? 'input.x').join(', ')})`;
  return decl.result === undefined ? `x := 1; ${call}` : (SIGNS[name] ?? `x := ${call}`);
}

const writeModule = (builtins: readonly Builtin[]): string =>
  [
    'package postern.main',
    ...builtins.map((each) => `result[${JSON.stringify(each.name)}] := x if {\n\t${writeCall(each)}\n}`),
  ].join('\n\n');

/** The built-ins that a module with all of these would ask of its host. */
async function listAsked(builtins: readonly Builtin[], capabilities: object): Promise<string[]> {
  const compiler = await openRegoc(REGOC, { capabilities });
  const compiled = await compiler.build([{ file: 'all.rego', text: writeModule(builtins), test: false }]);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error, null, 1));
  return listHostBuiltins(loadPolicySync(await WebAssembly.compile(compiled.value.wasm), { initial: 64 }));
}

describe('what policies are offered', () => {
  it('asks nothing of the host but what is its own', async () => {
    await requireCompiler();
    const asked = await listAsked(offered, JSON.parse(readFileSync(FILE, 'utf8')) as object);
    expect(asked.sort()).toEqual([...own].sort());
  });

  it('is written in Rego v1', () => {
    expect(features).toEqual(['keywords_in_refs', 'rego_v1', 'template_strings']);
  });
});

const describeSuite = suite === null || !existsSync(REGOC) ? describe.skip : describe;

describeSuite(`of the built-ins of OPA ${suite?.version ?? '(make conformance)'}`, () => {
  it('the host would have to answer those that are listed, and no other', async () => {
    // Its answer is written into the module by the compiler, which wants it in another form.
    const called = current.filter(({ name }) => name !== 'sprintf');
    const asked = await listAsked(called, suite?.capabilities ?? {});
    expect([...asked, 'sprintf'].sort()).toEqual([...host].sort());
  }, 60_000);

  it('policies are offered all that is in WASM, except what is forbidden for a reason', () => {
    const left = new Set([...host, ...Object.keys(forbidden)]);
    const derived = current.filter(({ name }) => !left.has(name));
    expect(offered.filter((builtin) => !isOwn(builtin))).toEqual(derived);
    expect(Object.keys(forbidden).filter((name) => !namesOf(current).includes(name))).toEqual([]);
  });

  it('none that varies or reaches out is offered', () => {
    const wild =
      suite?.capabilities.builtins.filter(({ nondeterministic }) => nondeterministic === true) ?? [];
    expect(namesOf(wild)).toEqual(expect.arrayContaining(['http.send', 'rand.intn', 'time.now_ns']));
    expect(namesOf(wild).filter((name) => namesOf(offered).includes(name))).toEqual([]);
  });

  it('each compiles when it is offered, and is refused at its row and column when it is not', async () => {
    const compiler = await requireCompiler();
    const all = (suite?.capabilities.builtins ?? []).filter(({ name }) => name !== 'sprintf');
    const texts = new Map(all.map((builtin) => [builtin.name, writeModule([builtin])]));
    const modules = [...texts].map(([name, text]) => ({ file: `${name}.rego`, text, test: false }));
    const checked = await compiler.check(modules);
    const refused = (checked.ok ? [] : checked.error).map(({ file, row, col, code }) => [
      file,
      row,
      col,
      code,
    ]);
    const known = new Set([...namesOf(offered), ...ERASED]);
    const expected = [...texts].filter(([name]) => !known.has(name));
    expect(refused).toEqual(
      expected.map(([name, text]) => [`${name}.rego`, ...placeOf(name, text), 'policy.builtin']),
    );
    expect(refused.length).toBeGreaterThan(100);
  });
});

/** Taken out of policies before anybody looks. */
const ERASED = ['print'];

function placeOf(name: string, text: string): [row: number, col: number] {
  const lines = text.split('\n');
  const row = lines.findIndex((line) => line.includes(`${name}(`) && !line.startsWith('result'));
  return [row + 1, (lines[row] ?? '').indexOf(`${name}(`) + 1];
}
