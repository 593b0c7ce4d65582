// Nothing in; what bundles are made by here out: the version, and the built-in policies.
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { VERSION } from '../config/index.ts';
import { hashFiles, readDirectory } from './read-directory.ts';

/** Beside `src` in a checkout, beside `dist` where it is installed. */
const BUILTIN = join(import.meta.dirname, '../../rego/postern');

/** Equal where the same policies become the same bundle. */
export async function readMaker(): Promise<string> {
  const reading = await readDirectory(BUILTIN);
  const builtin = reading?.files.ok === true ? hashFiles(reading.files.value) : 'unknown';
  return `${VERSION} ${hash('sha256', builtin).slice(0, 12)}`;
}
