// Nothing in, the Rego compiler of this machine out, or null where there is none.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { INPUT_SCHEMA } from '../../gate/decide/index.ts';
import { findOpa } from './opa.ts';
import { openRegoc } from './regoc.ts';
import type { RegoCompiler } from './rego-compiler.ts';
import { readCapabilities } from './sources.ts';

export const NO_COMPILER =
  'There is no Rego compiler. In a checkout run `make regoc` (it needs Go), or install opa 1.21.3 or newer.';

const ROOT = join(import.meta.dirname, '../../..');

let opened: Promise<RegoCompiler | null> | undefined;

/** The same for a whole process: to get it ready takes most of the time. */
export function openCompiler(env: NodeJS.ProcessEnv): Promise<RegoCompiler | null> {
  opened ??= open(env);
  return opened;
}

async function open(env: NodeJS.ProcessEnv): Promise<RegoCompiler | null> {
  const offer = { capabilities: await readCapabilities(), schema: INPUT_SCHEMA };
  const file = findRegoc(env);
  return file === undefined ? findOpa(offer) : openRegoc(file, offer);
}

/** The one named, the one built in this checkout, the one that came with the installation. */
function findRegoc(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['POSTERN_REGOC'];
  if (named !== undefined) return named;
  const cache = env['POSTERN_CACHE'] ?? join(ROOT, '.cache');
  const places = [join(cache, 'regoc/regoc.wasm'), join(ROOT, 'regoc.wasm'), join(ROOT, 'regoc.wasm.br')];
  return places.find((place) => existsSync(place));
}
