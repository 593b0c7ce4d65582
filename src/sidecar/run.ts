// `postern sidecar`: configuration in, a running gate out, until it is told to stop. Build, serve, drain.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatIssue, parseConfig, type Config } from '../config/index.ts';
import { openUpstreams } from '../gate/forward/index.ts';
import { openListener, type Listener } from '../gate/intercept/index.ts';
import { createLog, openAuditLog, startTelemetry, type Log } from '../gate/record/index.ts';
import { openDirectorySource, PolicyStore, spawnCompiler } from '../policy/index.ts';
import { adminHandler } from './admin.ts';
import { openDesk } from './serve.ts';

const HELP = `postern sidecar: stands between an application and its LLM endpoints.

Usage: postern sidecar --config <file>

  -c, --config <file>   YAML or JSON. A setting a.b may also come from the environment, as POSTERN__A__B.
  -h, --help            this text

Exit codes: 0 drained after SIGTERM or SIGINT, 64 bad configuration or usage, 1 anything else.
`;

const EXIT_USAGE = 64;

/** The program's own main file: compiling is another command of it. */
const MAIN = process.argv[1] ?? '';

export async function runSidecar(args: readonly string[]): Promise<number> {
  const parsed = readArguments(args);
  if (parsed === 'help') return print(process.stdout, HELP, 0);
  if (parsed.config === undefined)
    return print(process.stderr, `postern sidecar: --config is missing\n\n${HELP}`, EXIT_USAGE);
  const config = readConfig(parsed.config);
  if (Array.isArray(config)) return print(process.stderr, `${config.join('\n')}\n`, EXIT_USAGE);
  await serveUntilStopped(config, createLog(process.stderr));
  return 0;
}

interface Arguments {
  readonly config?: string;
}

function readArguments(args: readonly string[]): Arguments | 'help' {
  const options = { config: { type: 'string', short: 'c' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) return 'help';
  return values.config === undefined ? {} : { config: values.config };
}

function print(stream: NodeJS.WritableStream, text: string, code: number): number {
  stream.write(text);
  return code;
}

/** The configuration, or a line for each of its problems. No port is open yet. */
function readConfig(file: string): Config | string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return [`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
  const parsed = parseConfig({ file, text, env: process.env });
  return parsed.ok ? parsed.value : parsed.error.map(formatIssue);
}

async function serveUntilStopped(config: Config, log: Log): Promise<void> {
  const stack = new AsyncDisposableStack();
  try {
    await serve(config, { log, stack });
  } finally {
    await stack.disposeAsync();
  }
}

interface House {
  readonly log: Log;
  /** Owns everything that is opened; closes it in reverse. */
  readonly stack: AsyncDisposableStack;
}

async function serve(config: Config, { log, stack }: House): Promise<void> {
  const audit =
    config.audit.file === null
      ? null
      : stack.use(openAuditLog({ ...config.audit, file: config.audit.file, labels: podLabels(), log }));
  const upstreams = stack.adopt(openUpstreams(config.upstreams.values(), config.limits), (opened) =>
    opened.close(),
  );
  const policies = new PolicyStore();
  const telemetry = stack.adopt(
    startTelemetry({ otlp: config.telemetry.otlp, resource: {}, log }),
    (started) => started.close(),
  );
  stack.defer(policies.subscribe((event) => telemetry.notePolicy(event)));
  const desk = openDesk({ config, policies, upstreams, audit, recorder: telemetry });
  let draining = false;
  const admin = await openListener({
    ...config.listen.admin,
    handle: adminHandler({
      policies,
      isDraining: () => draining,
      metricsText: () => telemetry.metricsText(),
    }),
  });
  const http = await openListener({ ...config.listen.http, handle: desk.handle });
  log.info('listening', { address: `${config.listen.http.host}:${http.port}` });
  stack.use(openDirectorySource({ ...config.policy, store: policies, compile: spawnCompiler(MAIN), log }));
  await stopSignal();
  draining = true;
  desk.drain();
  log.info('draining');
  await drain(http, config.limits.drainTimeoutMs);
  admin.destroy();
  await admin.drain();
}

/** Who writes the audit lines, as the pod's manifest tells by the downward API. */
function podLabels(): Record<string, string> {
  const labels = { pod: process.env['POD_NAME'], namespace: process.env['POD_NAMESPACE'] };
  return Object.fromEntries(
    Object.entries(labels).filter((label): label is [string, string] => label[1] !== undefined),
  );
}

function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  return promise;
}

/** Exchanges under way finish; what is not done in time is cut. */
async function drain(listener: Listener, timeoutMs: number): Promise<void> {
  const cut = setTimeout(() => listener.destroy(), timeoutMs);
  await listener.drain();
  clearTimeout(cut);
}
