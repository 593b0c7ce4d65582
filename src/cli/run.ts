// Arguments in, the exit code of the command they name out.
import { parseArgs } from 'node:util';
import { isNativeError } from 'node:util/types';
import { UsageError, type Command, type Group, type Option, type Options } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { SHARED_OPTIONS, writeCommandHelp, writeGroupHelp } from './help.ts';
import { policyGroup } from './policy/index.ts';
import { createPrinter } from './print.ts';

const ROOT: Group = {
  kind: 'group',
  name: 'postern',
  summary: 'Judges LLM traffic against Rego policies.',
  members: [
    { kind: 'program', name: 'sidecar', summary: 'stand between an application and its LLM endpoints' },
    policyGroup,
    { kind: 'program', name: 'demo', summary: 'show attacks, judged and written down, on this machine' },
  ],
};

export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  const path = ['postern'];
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
  if (member === undefined || member.kind === 'program') throw new UsageError(`there is no command ${word}`);
  path.push(member.name);
  return member.kind === 'group' ? enter(member, rest, path) : call(member, rest, path);
}

async function call(command: Command, argv: readonly string[], path: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { ...asParsed(command.options), ...asParsed(SHARED_OPTIONS) },
    allowPositionals: true,
  });
  const options: Options = values;
  const format = options['output'] ?? 'table';
  if (format !== 'table' && format !== 'json') throw new UsageError('--output is either table or json');
  const print = createPrinter(format === 'json');
  if (options['help'] === true) {
    print.line(writeCommandHelp(path, command));
    return EXIT.fine;
  }
  return command.run({ operands: positionals, options, print });
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
