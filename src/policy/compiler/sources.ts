// Files of a policy directory in, Rego modules and data files out; and the same for the built-in set.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PosternError } from '../../exchange/index.ts';
import { readDirectory, type SourceFile } from '../read-directory.ts';
import type { DataFile } from './data.ts';
import type { RegoModule } from './rego-compiler.ts';

export interface PolicySources {
  readonly modules: readonly RegoModule[];
  readonly data: readonly DataFile[];
}

export const NO_SOURCES: PolicySources = { modules: [], data: [] };

/** Beside `src` in a checkout, beside `dist` where it is installed. */
const REGO = join(import.meta.dirname, '../../../rego');
export const BUILTIN_DIRECTORY = join(REGO, 'postern');
/** Before the names of built-in files, as people see them. */
const BUILTIN_PREFIX = '@postern/';

export function sortSources(files: readonly SourceFile[], prefix = ''): PolicySources {
  const named = files.map(({ name, bytes }) => ({
    name,
    file: `${prefix}${name}`,
    text: bytes.toString('utf8'),
  }));
  return {
    modules: named
      .filter(({ file }) => file.endsWith('.rego'))
      .map(({ file, text }) => ({ file, text, test: file.endsWith('_test.rego') })),
    data: named.filter(({ file }) => /\.(?:json|yaml|yml)$/.test(file)),
  };
}

/** @throws PosternError POSTERN_E_INTERNAL when the installation is not whole. */
export async function readBuiltin(): Promise<PolicySources> {
  const reading = await readDirectory(BUILTIN_DIRECTORY);
  if (reading?.files.ok !== true)
    throw new PosternError('POSTERN_E_INTERNAL', 'The built-in policies are missing.');
  return sortSources(reading.files.value, BUILTIN_PREFIX);
}

/** What the host's WASM has: everything native to it, nothing that reaches out or varies. */
export const readCapabilities = async (): Promise<object> =>
  JSON.parse(await readFile(join(REGO, 'capabilities.json'), 'utf8')) as object;
