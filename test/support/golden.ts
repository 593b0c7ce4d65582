// Golden cases: an input and what it should come to, side by side. `UPDATE_GOLDENS=1` writes what it comes to now.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asked } from '../../src/gate/decode/index.ts';

const ROOT = join(import.meta.dirname, '../golden');

/** None where there is no such folder: not every dialect has bodies of JSON. */
export const listGoldens = (stage: string): string[] =>
  existsSync(join(ROOT, stage)) ? readdirSync(join(ROOT, stage)) : [];

export const readGolden = (path: string): Buffer => readFileSync(join(ROOT, path));

/** What the address of a request says, where it is told beside it in `asked.json`. */
export function askedOf(path: string): Asked {
  const file = join(ROOT, path, 'asked.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Asked) : {};
}

/** What is expected, after writing it if that was asked for. */
export function expectedOf(path: string, actual: unknown): unknown {
  const file = join(ROOT, path, 'expected.json');
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
