// `postern controller`: arguments and a configuration file in, an exit code out. No port opens before both are understood.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatIssue, parseControllerConfig, type ControllerConfig } from '../config/index.ts';
import { createLog } from '../gate/record/index.ts';
import { serveUntilStopped } from './serve-until-stopped.ts';

const HELP = `postern controller: gives pods their sidecars, in a cluster.

Usage: postern controller [--config <file>] [--kubeconfig <file>]

  -c, --config <file>      YAML or JSON. A setting a.b may also come from the environment, as POSTERN__A__B.
      --kubeconfig <file>  how to reach the API server; without it KUBECONFIG, then the pod's own account
  -h, --help               this text

Exit codes: 0 drained after SIGTERM or SIGINT, 64 bad configuration or usage, 1 anything else.
`;

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;

const OPTIONS = {
  config: { type: 'string', short: 'c' },
  kubeconfig: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function runController(args: readonly string[]): Promise<number> {
  const parsed = readArguments(args);
  if (typeof parsed === 'string')
    return say(process.stderr, `postern controller: ${parsed}\n\n${HELP}`, EXIT_USAGE);
  if (parsed.help === true) return say(process.stdout, HELP, 0);
  const config = readConfig(parsed.config);
  if (Array.isArray(config)) return say(process.stderr, `${config.join('\n')}\n`, EXIT_USAGE);
  return serve(config, parsed.kubeconfig);
}

interface Arguments {
  readonly config?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly help?: boolean | undefined;
}

/** Or what is wrong with them. */
function readArguments(args: readonly string[]): Arguments | string {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    return messageOf(error);
  }
}

function say(stream: NodeJS.WritableStream, text: string, code: number): number {
  stream.write(text);
  return code;
}

/** The configuration, or a line for each of its problems. */
function readConfig(file: string | undefined): ControllerConfig | string[] {
  try {
    const text = file === undefined ? '' : readFileSync(file, 'utf8');
    const parsed = parseControllerConfig({ file: file ?? 'environment', text, env: process.env });
    return parsed.ok ? parsed.value : parsed.error.map(formatIssue);
  } catch (error) {
    return [`${file ?? ''}: cannot be read: ${messageOf(error)}`];
  }
}

async function serve(config: ControllerConfig, kubeconfig: string | undefined): Promise<number> {
  const log = createLog(process.stderr);
  try {
    await serveUntilStopped({ config, log, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
    return 0;
  } catch (error) {
    log.error('the controller could not go on', { detail: messageOf(error) });
    return EXIT_FAILED;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
