// What a command is: words that lead to it, options it takes, and what it does.
import type { ExitCode } from './exit.ts';
import type { Printer } from './print.ts';

export interface Option {
  /** What the value is, in capitals; a switch has none. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

export interface Command {
  readonly kind: 'command';
  readonly name: string;
  readonly summary: string;
  /** What follows its name, e.g. `[DIR]`. */
  readonly operands: string;
  readonly options: Readonly<Record<string, Option>>;
  /** At least one. */
  readonly examples: readonly Example[];
  /** Beside table and json. */
  readonly formats?: readonly string[];
  run(call: Call): Promise<ExitCode>;
}

export interface Example {
  /** What is typed, after `postern`. */
  readonly line: string;
  readonly purpose: string;
}

export interface Group {
  readonly kind: 'group';
  readonly name: string;
  readonly summary: string;
  readonly members: ReadonlyArray<Command | Group | Program>;
}

/** Named in the help; started before the command line is. */
export interface Program {
  readonly kind: 'program';
  readonly name: string;
  readonly summary: string;
}

export interface Call {
  readonly operands: readonly string[];
  readonly options: Options;
  readonly print: Printer;
}

export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Said to the caller, who asked for something that there is not. */
export class UsageError extends Error {}

export const textOf = (options: Options, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

/** @throws UsageError when it is missing. */
export function requireText(options: Options, name: string): string {
  const value = textOf(options, name);
  if (value === undefined) throw new UsageError(`--${name} is missing`);
  return value;
}

/** @throws UsageError when there is more than one. */
export function atMostOne(operands: readonly string[]): string | undefined {
  if (operands.length > 1) throw new UsageError(`one directory at a time, not ${String(operands.length)}`);
  return operands[0];
}
