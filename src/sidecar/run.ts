// `postern sidecar`: arguments, and a configuration file or the environment alone, in; an exit code out. No port opens before both are understood.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatIssue, parseConfig, type Config } from '../config/index.ts';
import { createLog } from '../gate/record/index.ts';
import { serveUntilStopped } from './serve-until-stopped.ts';

const HELP = `postern sidecar: stands between an application and its LLM endpoints.

Usage: postern sidecar [--config <file>]

  -c, --config <file>   YAML or JSON. A setting a.b may also come from the environment, as POSTERN__A__B;
                        without a file all of them do.
  -h, --help            this text

Exit codes: 0 drained after SIGTERM or SIGINT, 64 bad configuration or usage, 1 anything else.
`;

/** Named where a problem is, if no file is read. */
const ENVIRONMENT = 'environment';

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;

export async function runSidecar(args: readonly string[]): Promise<number> {
  const parsed = readArguments(args);
  if (parsed.kind === 'help') return print(process.stdout, HELP, 0);
  if (parsed.kind === 'problem') {
    return print(process.stderr, `postern sidecar: ${parsed.problem}\n\n${HELP}`, EXIT_USAGE);
  }
  const config = readConfig(parsed.file);
  if (Array.isArray(config)) return print(process.stderr, `${config.join('\n')}\n`, EXIT_USAGE);
  return serve(config);
}

type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'config'; readonly file: string | null };

const OPTIONS = { config: { type: 'string', short: 'c' }, help: { type: 'boolean', short: 'h' } } as const;

function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help === true) return { kind: 'help' };
    return { kind: 'config', file: values.config ?? null };
  } catch (error) {
    return { kind: 'problem', problem: messageOf(error) };
  }
}

function print(stream: NodeJS.WritableStream, text: string, code: number): number {
  stream.write(text);
  return code;
}

/** The configuration, or a line for each of its problems. */
function readConfig(file: string | null): Config | string[] {
  let text: string;
  try {
    text = file === null ? '' : readFileSync(file, 'utf8');
  } catch (error) {
    return [`${file}: cannot be read: ${messageOf(error)}`];
  }
  const parsed = parseConfig({ file: file ?? ENVIRONMENT, text, env: process.env });
  return parsed.ok ? parsed.value : parsed.error.map(formatIssue);
}

/** What cannot be opened (a port that is taken, a file of authorities, the audit log) ends the program, and says which. */
async function serve(config: Config): Promise<number> {
  const log = createLog(process.stderr);
  try {
    await serveUntilStopped(config, log);
    return 0;
  } catch (error) {
    log.error('the sidecar could not go on', { detail: messageOf(error) });
    return EXIT_FAILED;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
