// Run in a process of its own (the compiler changes how its process compiles WebAssembly): modules out, JSON with base64.
import { execFileSync } from 'node:child_process';
import binaryen from 'binaryen';
import { assemblePolicies, NO_SOURCES, readBuiltin } from '../../../src/policy/compiler/index.ts';
import { meterModule } from '../../../src/policy/compiler/meter.ts';
import { FUEL_GLOBAL } from '../../../src/policy/fuel.ts';
import { compileWasm } from '../../support/bundles.ts';
import { HOSTILE_REGO } from '../../support/hostile.ts';
import { requireCompiler } from '../../support/rego.ts';
import { SEARCHING } from './search.ts';

/** The built-in policies with their ticks and without. */
export interface Twins {
  readonly metered: Uint8Array;
  readonly unmetered: Uint8Array;
  readonly data: object;
}

export interface Modules {
  readonly builtIn: Twins;
  readonly hostile: Uint8Array;
  /** The same search by asking the host, and in Rego. */
  readonly searching: Readonly<Record<keyof typeof SEARCHING, Uint8Array>>;
}

export function compileModules(): Modules {
  const output = execFileSync(process.execPath, [import.meta.filename], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(output.toString(), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(BASE64)
      ? Uint8Array.from(Buffer.from(value.slice(BASE64.length), 'base64'))
      : value,
  ) as Modules;
}

const BASE64 = 'base64:';
const encode = (bytes: Uint8Array): string => `${BASE64}${Buffer.from(bytes).toString('base64')}`;

async function printModules(): Promise<void> {
  const compiler = await requireCompiler();
  const program = await assemblePolicies(NO_SOURCES, { compiler, builtin: await readBuiltin() });
  if (!program.ok) throw new Error(JSON.stringify(program.error));
  const built = await compiler.build(program.value.modules);
  if (!built.ok) throw new Error(JSON.stringify(built.error));
  const { wasm } = built.value;
  const builtIn = {
    metered: encode(meterModule(wasm)),
    unmetered: encode(addCounterAlone(wasm)),
    data: program.value.data,
  };
  const hostile = encode(await compileWasm(HOSTILE_REGO));
  const searching = {
    asked: encode(await compileWasm(SEARCHING.asked)),
    plain: encode(await compileWasm(SEARCHING.plain)),
  };
  process.stdout.write(JSON.stringify({ builtIn, hostile, searching }));
}

/** What the host fills, and nothing that it is spent on: written out by the same tool, so that only the ticks differ. */
function addCounterAlone(wasm: Uint8Array): Uint8Array {
  const module = binaryen.readBinary(wasm);
  module.setFeatures(module.getFeatures() | binaryen.Features.MutableGlobals);
  module.addGlobal(FUEL_GLOBAL, binaryen.i32, true, module.i32.const(0));
  module.addGlobalExport(FUEL_GLOBAL, FUEL_GLOBAL);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

if (process.argv[1] === import.meta.filename) await printModules();
