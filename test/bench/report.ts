// Rows and figures in; a table on the terminal and build/bench/<suite>.json out.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

export type Figures = Readonly<Record<string, number>>;
type Row = Readonly<Record<string, string | number>>;

export interface Report {
  readonly rows: readonly Row[];
  readonly figures: Figures;
  readonly notes: readonly string[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** By rank; `rank` from 0 to 1. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * rank))] ?? Number.NaN;
}

export async function report(suite: string, { rows, figures, notes }: Report): Promise<void> {
  const folder = join(import.meta.dirname, '../../build/bench');
  const machine = { node: process.version, cores: cpus().length };
  await mkdir(folder, { recursive: true });
  const document = { suite, machine, notes, figures, rows };
  await writeFile(join(folder, `${suite}.json`), `${JSON.stringify(document, null, 2)}\n`);
  process.stdout.write(`${table(rows)}\n${notes.join('\n')}\n\n`);
  for (const [name, value] of Object.entries(figures))
    process.stdout.write(`${name.padEnd(34)} ${value.toFixed(2)}\n`);
  process.stdout.write(`\nbuild/bench/${suite}.json\n`);
}

function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n');
}
