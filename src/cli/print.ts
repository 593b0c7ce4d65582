// The one place that writes to the terminal: text for people, with colours where there is a terminal, or JSON.
import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

export interface Printer {
  readonly isJson: boolean;
  /** Plain text where there is no terminal. */
  style(format: Format, text: string): string;
  line(text: string): void;
  json(value: unknown): void;
  error(text: string): void;
}

export function createPrinter(isJson: boolean): Printer {
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    isJson,
    style: (format, text) => styleText(format, text, { stream: process.stdout }),
    line: write,
    json: (value) => write(JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)),
    error: (text) => void process.stderr.write(`${text}\n`),
  };
}
