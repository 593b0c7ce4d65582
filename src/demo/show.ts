// What happened in; a table that a person can read, with colours on a terminal and plain in a pipe, out.
import type { Performance } from './perform.ts';

const isTerminal = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

const paint = (code: number, text: string): string => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);

export const say = (text = ''): void => void process.stdout.write(`${text}\n`);

export const heading = (text: string): void => say(`\n${paint(1, text)}`);

const COLOURS: Readonly<Record<string, number>> = {
  allow: 32,
  redact: 33,
  rewrite: 33,
  escalate: 35,
  deny: 31,
};

const COLUMNS = [52, 10, 28, 46] as const;

export function showHeader(): void {
  say(paint(2, [...cells(['sent', 'decision', 'why', 'what the client got']), 'added ms'].join(' ')));
}

export function showRow({ row, action, reason, saw, addedMs, surprises }: Performance): void {
  const [title = '', decision = '', why = '', got = ''] = cells([row.title, action, reason, oneLine(saw)]);
  const mark = surprises.length === 0 ? paint(32, '✓') : paint(31, '✗');
  say(
    `${title} ${paint(COLOURS[action] ?? 0, decision)} ${why} ${got} ${addedMs.toFixed(1).padStart(8)} ${mark}`,
  );
  for (const surprise of surprises) say(paint(31, `    ${surprise}`));
}

const cells = (texts: readonly string[]): string[] => texts.map((text, i) => fit(text, COLUMNS[i] ?? 20));

const fit = (text: string, width: number): string =>
  (text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
