// A group or a command in, its help as text out.
import type { Command, Group, Option } from './command.ts';

/** Every command has these. */
export const SHARED_OPTIONS: Readonly<Record<string, Option>> = {
  output: { short: 'o', value: 'FORMAT', help: 'table (for people) or json' },
  help: { short: 'h', help: 'this text' },
};

const ENDINGS =
  'Ends with 0 when all is well, 1 when it found something, 64 on wrong usage, 65 on bad input, 69 without a compiler.';

export function writeGroupHelp(path: readonly string[], group: Group): string {
  const rows = group.members.map(({ name, summary }): Row => [name, summary]);
  return `${group.summary}\n\nUsage: ${path.join(' ')} <command> [--help]\n\n${alignRows(rows)}\n`;
}

export function writeCommandHelp(path: readonly string[], command: Command): string {
  const rows = Object.entries({ ...command.options, ...SHARED_OPTIONS }).map(describeOption);
  const usage = [...path, command.operands, '[OPTIONS]'].filter((word) => word !== '').join(' ');
  return `${command.summary}\n\nUsage: ${usage}\n\n${alignRows(rows)}\n\n${ENDINGS}\n`;
}

type Row = readonly [string, string];

function describeOption([name, { short, value, help }]: [string, Option]): Row {
  const dashed = short === undefined ? `    --${name}` : `-${short}, --${name}`;
  return [value === undefined ? dashed : `${dashed} ${value}`, help];
}

function alignRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
}
