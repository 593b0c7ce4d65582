// Starts the real sidecar as a process of its own, on free ports, with policies in a temporary directory.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunStage } from '../cluster/dockerfile.ts';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '../..');
export const MAIN = join(ROOT, 'src/main.ts');
const image = readRunStage(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
/** What the image tells Node: what code may not do, and bounds on memory. */
export const IMAGE_FLAGS = image.entrypoint.filter((word) => word.startsWith('--'));
export const IMAGE_ENV = Object.fromEntries(
  image.env.map((pair) => pair.split('=', 2) as [name: string, value: string]),
);

export interface PosternOptions {
  /** Name in the policy directory -> text. */
  readonly policies?: Readonly<Record<string, string>>;
  readonly upstreams: Readonly<Record<string, object>>;
  /** Merged over the rest of the configuration; `$FOLDER` stands for the temporary folder. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Ways of interception, each on a free port; what is to be trusted goes to `trust` in the temporary folder. */
  readonly intercept?: readonly Intercepting[];
  /** Merged into `interception`. */
  readonly interception?: object;
  /** `listen.tls`: the port speaks TLS as well. */
  readonly tls?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** Open files at most. */
  readonly fileLimit?: number;
  /** Where it is not the source that is tested. */
  readonly main?: string;
  /** False where it is the point that it does not become ready. */
  readonly expectReady?: boolean;
}

export type Intercepting = 'proxy' | 'hosts' | 'redirect';

export interface Postern extends AsyncDisposable {
  /** Of the ways of interception that were asked for. */
  readonly ports: Readonly<Record<string, number>>;
  readonly url: string;
  readonly admin: string;
  readonly folder: string;
  readonly policies: string;
  readonly child: ChildProcess;
  /** What it wrote to standard error so far. */
  readonly log: () => string;
  status(): Promise<PolicyStatus>;
}

export interface PolicyStatus {
  readonly digest: string | null;
  readonly state: string;
  readonly failure: {
    readonly issues: ReadonlyArray<{ readonly file: string; readonly row: number; readonly message: string }>;
  } | null;
}

export async function startPostern(options: PosternOptions): Promise<Postern> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-test-'));
  const policies = join(folder, 'policies');
  await mkdir(policies);
  for (const [name, text] of Object.entries(options.policies ?? { 'config.json': '{}' }))
    await writeFile(join(policies, name), text);
  const [http, admin] = [await freePort(), await freePort()];
  const ports = await portsFor(options.intercept ?? []);
  const config = {
    listen: {
      http: `127.0.0.1:${http}`,
      admin: `127.0.0.1:${admin}`,
      tls: options.tls,
      ...Object.fromEntries(Object.entries(ports).map(([mode, port]) => [mode, `127.0.0.1:${port}`])),
    },
    upstreams: options.upstreams,
    policy: { directory: policies },
    ...options.settings,
    interception: { trust_directory: '$FOLDER/trust', ...options.interception },
  };
  await writeFile(join(folder, 'postern.yaml'), JSON.stringify(config).replaceAll('$FOLDER', folder));
  const args = [
    ...IMAGE_FLAGS,
    '--disable-warning=ExperimentalWarning',
    options.main ?? MAIN,
    'sidecar',
    '--config',
    join(folder, 'postern.yaml'),
  ];
  const limit = options.fileLimit;
  const [program, all] =
    limit === undefined
      ? [process.execPath, args]
      : ['sh', ['-c', `ulimit -n ${String(limit)}; exec "$0" "$@"`, process.execPath, ...args]];
  const child = spawn(program, all, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...IMAGE_ENV, ...options.env },
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const postern: Postern = {
    ports,
    url: `http://127.0.0.1:${http}`,
    admin: `http://127.0.0.1:${admin}`,
    folder,
    policies,
    child,
    log: () => log,
    status: async () =>
      ((await (await fetch(`http://127.0.0.1:${admin}/status`)).json()) as { policy: PolicyStatus }).policy,
    [Symbol.asyncDispose]: async () => {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
  const isUp = (status: number): boolean => status === 200 || options.expectReady === false;
  await until(
    () => `ready; it said:\n${log}`,
    async () => isUp((await fetch(`${postern.admin}/readyz`)).status),
  ).catch(async (error: unknown) => {
    await postern[Symbol.asyncDispose]();
    throw error;
  });
  return postern;
}

async function portsFor(modes: readonly Intercepting[]): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const mode of modes) ports[mode] = await freePort();
  return ports;
}

/** Asks it to go, as the kubelet does; insists after ten seconds. */
export async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill('SIGTERM');
  await once(child, 'exit');
  clearTimeout(insist);
  return child.exitCode;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
