// Arguments in, the exit code of the command they name out.
import { parseArgs } from 'node:util';
import { isNativeError } from 'node:util/types';
import { textOf, UsageError, type Command, type Group, type Option, type Options } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { SHARED_OPTIONS, writeCommandHelp, writeGroupHelp } from './help.ts';
import { suggestNearest } from '../lib/nearest.ts';
import { createPrinter } from './print.ts';
import { ROOT } from './root.ts';

export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  const path = [ROOT.name];
  try {
    return await enter(ROOT, argv, path);
  } catch (error) {
    const problem = describeUsage(error);
    if (problem === null) throw error;
    createPrinter(false).error(`${path.join(' ')}: ${problem}\nTry: ${path.join(' ')} --help`);
    return EXIT.usage;
  }
}

/** `path` grows on the way, so that a complaint can name where it was. */
async function enter(group: Group, argv: readonly string[], path: string[]): Promise<ExitCode> {
  const [word, ...rest] = argv;
  if (word === undefined || word === '--help' || word === '-h') {
    createPrinter(false).line(writeGroupHelp(path, group));
    return word === undefined ? EXIT.usage : EXIT.fine;
  }
  const member = group.members.find(({ name }) => name === word);
  if (member === undefined || member.kind === 'program') {
    const names = group.members.map(({ name }) => name);
    throw new UsageError(`there is no command ${word}${suggestNearest(word, names)}`);
  }
  path.push(member.name);
  return member.kind === 'group' ? enter(member, rest, path) : call(member, rest, path);
}

async function call(command: Command, argv: readonly string[], path: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(argv, { ...command.options, ...SHARED_OPTIONS });
  const format = textOf(values, 'output') ?? 'table';
  const formats = ['table', 'json', ...(command.formats ?? [])];
  if (!formats.includes(format)) throw new UsageError(`--output is one of ${formats.join(', ')}`);
  const print = createPrinter(format === 'json');
  if (values['help'] === true) {
    print.line(writeCommandHelp(path, command));
    return EXIT.fine;
  }
  return command.run({ operands: positionals, options: values, print });
}

interface Parsed {
  readonly values: Options;
  readonly positionals: string[];
}

/** @throws UsageError naming the option that is not known, and the one that was meant. */
function parse(argv: readonly string[], known: Readonly<Record<string, Option>>): Parsed {
  const config = { args: [...argv], options: asParsed(known), allowPositionals: true };
  const { tokens } = parseArgs({ ...config, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(known, token.name)) continue;
    const names = Object.keys(known).map((name) => `--${name}`);
    throw new UsageError(`there is no option ${token.rawName}${suggestNearest(token.rawName, names)}`);
  }
  return parseArgs(config);
}

const asParsed = (options: Readonly<Record<string, Option>>): Record<string, ParsedOption> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) },
    ]),
  );

interface ParsedOption {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
}

/** Null when it is not the caller's mistake. */
function describeUsage(error: unknown): string | null {
  if (error instanceof UsageError) return error.message;
  const { code, message } = isNativeError(error) ? (error as NodeJS.ErrnoException) : {};
  return code?.startsWith('ERR_PARSE_ARGS_') === true ? (message ?? '') : null;
}
