// A group or a command in, its help as text out.
import type { Command, Example, Group, Option } from './command.ts';
import { EXIT_MEANINGS } from './exit.ts';

const outputOf = (more: readonly string[]): Option => ({
  short: 'o',
  value: 'FORMAT',
  help: ['table (for people)', ...more, 'json'].join(', ').replace(/, json$/, ' or json'),
});

/** Every command has these. */
export const SHARED_OPTIONS: Readonly<Record<string, Option>> = {
  output: outputOf([]),
  help: { short: 'h', help: 'this text' },
};

type Row = readonly [string, string];

export function writeGroupHelp(path: readonly string[], group: Group): string {
  const rows = group.members.map(({ name, summary }): Row => [name, summary]);
  return `${group.summary}\n\nUsage: ${path.join(' ')} <command> [--help]\n\n${alignRows(rows)}\n`;
}

export function writeCommandHelp(path: readonly string[], command: Command): string {
  const blocks = [
    command.summary,
    `Usage: ${writeUsage(path, command)}`,
    alignRows(listOptions(command)),
    `Examples:\n${command.examples.map(writeExample).join('\n')}`,
    `Ends with:\n${alignRows(Object.entries(EXIT_MEANINGS))}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

export const writeUsage = (path: readonly string[], { operands }: Command): string =>
  [...path, operands, '[OPTIONS]'].filter((word) => word !== '').join(' ');

/** As they are typed, and what they do. */
export const listOptions = ({ options, formats = [] }: Command): Row[] =>
  Object.entries({ ...options, ...SHARED_OPTIONS, output: outputOf(formats) }).map(
    ([name, { short, value, help }]) => {
      const dashed = short === undefined ? `    --${name}` : `-${short}, --${name}`;
      return [value === undefined ? dashed : `${dashed} ${value}`, help];
    },
  );

const writeExample = ({ line, purpose }: Example): string => `  # ${purpose}\n  postern ${line}`;

function alignRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
}
