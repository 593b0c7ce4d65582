import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type * as OpaWasm from '@open-policy-agent/opa-wasm';
import { listHostBuiltins } from '../../../../src/policy/builtins.ts';
import { requireCompiler } from '../../../support/rego.ts';

const { loadPolicySync } = createRequire(import.meta.url)('@open-policy-agent/opa-wasm') as typeof OpaWasm;

interface Type {
  readonly type: string;
}

interface Builtin {
  readonly name: string;
  readonly infix?: string;
  readonly decl: { readonly args?: readonly Type[] };
}

const FILE = join(import.meta.dirname, '../../../../rego/capabilities.json');
const { builtins, features } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  builtins: readonly Builtin[];
  features: readonly string[];
};
const names = builtins.map(({ name }) => name);
/** Written by the compiler, not by people. */
const isInternal = ({ name }: Builtin): boolean =>
  name.startsWith('internal.') || name === 'assign' || name === 'eq';

const SAMPLES: Readonly<Record<string, string>> = {
  number: 'input.n',
  string: 'input.s',
  array: 'input.a',
  object: 'input.o',
  set: '{input.n}',
  any: 'input.x',
  boolean: 'input.b',
};

const call = ({ name, decl }: Builtin): string =>
  `${name}(${(decl.args ?? []).map(({ type }) => SAMPLES[type] ?? 'input.x').join(', ')})`;

describe('the capabilities', () => {
  it('are what WASM has natively: nothing is asked of the host', async () => {
    const compiler = await requireCompiler();
    const called = builtins.filter((builtin) => !isInternal(builtin));
    // Not parsed as a call; said by its sign.
    const operators: Readonly<Record<string, string>> = { and: '{1} & {2}', or: '{1} | {2}' };
    const rules = called.map(
      (builtin) => `result["${builtin.name}"] := x if x := ${operators[builtin.name] ?? call(builtin)}`,
    );
    const text = `package postern.main\n\n${rules.join('\n\n')}\n`;
    const compiled = await compiler.build([{ file: 'all.rego', text, test: false }]);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error, null, 1));
    const module = await WebAssembly.compile(compiled.value.wasm);
    const policy = loadPolicySync(module, { initial: 64 });
    expect(listHostBuiltins(policy)).toEqual([]);
  });

  it('offer nothing that reaches out, varies, or takes time by backtracking', () => {
    const forbidden =
      /^(?:http|net|opa|rand|time|uuid|crypto|io|providers|rego|yaml)\.|^(?:print|trace|sprintf|regex\.split)$/;
    expect(names.filter((name) => forbidden.test(name))).toEqual([]);
  });

  it('offer what policies are written with', () => {
    expect(names).toEqual(
      expect.arrayContaining(['contains', 'count', 'glob.match', 'lower', 'regex.match', 'sum']),
    );
    expect(features).toContain('template_strings');
  });
});
