// Files of a policy directory in, Rego modules and data files out; and the same for the built-in set.
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { PosternError } from '../../exchange/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';
import { readDirectory, type SourceFile } from '../read-directory.ts';
import type { DataFile } from './data-file.ts';
import type { RegoModule } from './rego-compiler.ts';

export interface PolicySources {
  readonly modules: readonly RegoModule[];
  readonly data: readonly DataFile[];
  /** Exchanges with what is to become of them, for `policy test`; never shipped. */
  readonly cases: readonly DataFile[];
}

export const NO_SOURCES: PolicySources = { modules: [], data: [], cases: [] };

/** Beside `src` in a checkout, beside `dist` where it is installed. */
const REGO = join(import.meta.dirname, '../../../rego');
const BUILTIN_DIRECTORY = join(REGO, 'postern');
/** Before the names of built-in files, as people see them. */
const BUILTIN_PREFIX = '@postern/';

const CONFIG_MAP_FOLDER = /^[^/]+\/[^/]+\//;
const DATA = /\.(?:json|yaml|yml)$/;
const CASES = /_cases\.(?:json|yaml|yml)$/;

/** `apart`: each `<namespace>/<ConfigMap>/` below it is a directory of its own. */
export type Layout = 'together' | 'apart';

/** `prefix` comes before every name, for people to find the file by. */
export async function readSources(
  directory: string,
  prefix = '',
  layout: Layout = 'together',
): Promise<Result<PolicySources, PolicyIssue>> {
  const reading = await readDirectory(directory);
  if (reading === null) return err(wholeIssue('policy.changing', 'The directory changed while it was read.'));
  return reading.files.ok ? ok(sortSources(reading.files.value, prefix, layout)) : reading.files;
}

/** @throws PosternError POSTERN_E_INTERNAL when the installation is not whole. */
export async function readBuiltin(): Promise<PolicySources> {
  const sources = await readSources(BUILTIN_DIRECTORY, BUILTIN_PREFIX);
  if (sources.ok) return sources.value;
  throw new PosternError('POSTERN_E_INTERNAL', 'The built-in policies are missing.');
}

export const isBuiltinDirectory = async (directory: string): Promise<boolean> =>
  (await realpath(directory).catch(() => '')) ===
  (await realpath(BUILTIN_DIRECTORY).catch(() => BUILTIN_DIRECTORY));

/** What each file is, by its name. */
export function sortSources(
  files: readonly SourceFile[],
  prefix = '',
  layout: Layout = 'together',
): PolicySources {
  const named = files.map(({ name, bytes }) => ({
    name: layout === 'apart' ? name.replace(CONFIG_MAP_FOLDER, '') : name,
    file: `${prefix}${name}`,
    text: bytes.toString('utf8'),
  }));
  return {
    modules: named
      .filter(({ name }) => name.endsWith('.rego'))
      .map(({ file, text }) => ({ file, text, test: file.endsWith('_test.rego') })),
    data: named.filter(({ name }) => DATA.test(name) && !CASES.test(name)),
    cases: named.filter(({ name }) => CASES.test(name)),
  };
}

/** What the host's WASM has: everything native to it, nothing that reaches out or varies. */
export const readCapabilities = async (): Promise<object> =>
  JSON.parse(await readFile(join(REGO, 'capabilities.json'), 'utf8')) as object;
