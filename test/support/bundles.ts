// Rego in, modules and bundles out: by the compiler itself, with all that Postern adds to policies left out.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { READS_EVERYTHING } from '../../src/gate/decide/index.ts';
import { writeBundle, type PolicyData } from '../../src/policy/bundle.ts';
import type { RegoCompiler } from '../../src/policy/compiler/index.ts';
import { meterModule } from '../../src/policy/compiler/meter.ts';
import { findOpa } from '../../src/policy/compiler/opa.ts';
import { openRegoc } from '../../src/policy/compiler/regoc.ts';
import { readCapabilities } from '../../src/policy/compiler/sources.ts';
import { NO_MODES } from '../../src/policy/modes.ts';

const ROOT = join(import.meta.dirname, '../..');
export const REGOC = join(process.env['POSTERN_CACHE'] ?? join(ROOT, '.cache'), 'regoc/regoc.wasm');

let opening: Promise<RegoCompiler | null> | undefined;

/** Without the schema of the input: what these policies are asked about may be anything. */
const openWith = (capabilities: object): Promise<RegoCompiler | null> =>
  existsSync(REGOC) ? openRegoc(REGOC, { capabilities }) : findOpa({ capabilities });

/** The module must define `data.postern.main.result` itself, and may do there whatever it likes. */
export const compileWasm = async (rego: string): Promise<Uint8Array> =>
  meterModule(await compileUnmetered(rego));

export const compileUnmetered = async (rego: string): Promise<Uint8Array> =>
  compile(await (opening ??= readCapabilities().then(openWith)), rego);

/** With every built-in that opa-wasm has, which is more than Postern offers. */
export async function compileForOpaWasm(rego: string): Promise<Uint8Array> {
  const file = join(ROOT, 'node_modules/@open-policy-agent/opa-wasm/capabilities.json');
  const capabilities = JSON.parse(await readFile(file, 'utf8')) as object;
  return meterModule(await compile(await openWith(capabilities), rego));
}

async function compile(compiler: RegoCompiler | null, text: string): Promise<Uint8Array> {
  if (compiler === null) throw new Error('There is no Rego compiler: run `make regoc`.');
  const compiled = await compiler.build([{ file: 'main.rego', text, test: false }]);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value.wasm;
}

export function aBundle({ wasm, data = {}, id = 'test.policy' }: BundleParts): Buffer {
  const policy = {
    id,
    title: '',
    description: '',
    severity: 'low',
    phases: ['request'],
    defaultMode: 'enforce',
    level: 'platform',
  } as const;
  const bundle = writeBundle({
    wasm,
    data,
    revision: 'r1',
    compiler: 'opa',
    reads: READS_EVERYTHING,
    policies: [policy],
    modes: NO_MODES,
  });
  if (!bundle.ok) throw new Error(bundle.error.message);
  return bundle.value;
}

interface BundleParts {
  readonly wasm: Uint8Array;
  readonly data?: PolicyData;
  readonly id?: string;
}
