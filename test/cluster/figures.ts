// Figures in; build/bench/cluster.json, with what other tests have written there before, out.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../build/bench');
const FILE = join(FOLDER, 'cluster.json');

export async function noteFigures(figures: Readonly<Record<string, unknown>>): Promise<void> {
  const before = JSON.parse(await readFile(FILE, 'utf8').catch(() => '{}')) as object;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(FILE, `${JSON.stringify({ ...before, ...figures }, null, 2)}\n`);
}

/** Milliseconds, by nearest rank. */
export function summarise(all: readonly number[]): { n: number; p50: number; p99: number; max: number } {
  const sorted = all.toSorted((one, other) => one - other);
  const at = (share: number): number => round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
