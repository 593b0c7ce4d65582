// Inputs that are kept: those that once reached something new, and those that once failed. A file each, named by its hash.
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, 'corpus');

export function readCorpus(target: string): Buffer[] {
  const folder = join(ROOT, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
}

/** Where it was written. */
export function keep(target: string, input: Buffer): string {
  const folder = join(ROOT, target);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, hash('sha256', input).slice(0, 16));
  writeFileSync(file, input);
  return file;
}
