// What was asked for in; a sidecar of our own that is ready, in a folder that goes away with it, out.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatIssue, parseConfig } from '../config/index.ts';
import { pointersTo, type Pointer } from '../lead/index.ts';
import type { Asked } from './arguments.ts';
import { knownUpstreams, type Environment } from './known-upstreams.ts';

export interface Gate {
  /** For base URLs, without a path. */
  readonly url: string;
  readonly proxy: string;
  readonly trustDirectory: string;
  readonly auditFile: string;
  readonly pointers: readonly Pointer[];
  close(): Promise<void>;
}

/** The program's own main file: the sidecar is another command of it. */
const MAIN = process.argv[1] ?? '';
const READY_MS = 120_000;
const POLL_MS = 50;
const PAGE_MS = 2_000;

type GateAsked = Pick<Asked, 'config' | 'policies' | 'isStrict'>;

/** @throws Error when it does not become ready, or when the start is ended, with what it said. */
export async function startGate(asked: GateAsked, env: Environment, start: AbortSignal): Promise<Gate> {
  if (asked.policies !== null) await requireDirectory(asked.policies);
  const folder = await mkdtemp(join(tmpdir(), 'postern-run-'));
  const [http, proxy, admin] = await freePorts(3);
  const auditFile = join(folder, 'audit.jsonl');
  const trustDirectory = join(folder, 'trust');
  const settings = {
    POSTERN__LISTEN__HTTP: at(http),
    POSTERN__LISTEN__PROXY: at(proxy),
    POSTERN__LISTEN__ADMIN: at(admin),
    POSTERN__INTERCEPTION__TRUST_DIRECTORY: trustDirectory,
    POSTERN__INTERCEPTION__PRIVATE_ADDRESSES: 'true',
    POSTERN__INTERCEPTION__STRICT: String(asked.isStrict),
    POSTERN__AUDIT__FILE: auditFile,
    ...(asked.policies === null ? {} : { POSTERN__POLICY__DIRECTORY: resolve(asked.policies) }),
  };
  const { file, pointers } = await configure(asked, { env, folder, settings });
  const child = spawn(process.execPath, [...process.execArgv, MAIN, 'sidecar', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...settings },
  });
  const close = async (): Promise<void> => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, admin ?? 0, start);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `http://${at(http)}`,
    proxy: `http://${at(proxy)}`,
    trustDirectory,
    auditFile,
    pointers,
    close,
  };
}

async function requireDirectory(policies: string): Promise<void> {
  const found = await stat(policies).catch(() => null);
  if (found?.isDirectory() !== true) throw new Error(`there is no directory ${policies} of policies`);
}

const at = (port = 0): string => `127.0.0.1:${String(port)}`;

interface Place {
  readonly env: Environment;
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
}

interface Configured {
  readonly file: string;
  readonly pointers: readonly Pointer[];
}

/** SDKs are pointed at the upstreams of a file of one's own by their providers. @throws Error when it is not understood. */
async function configure({ config }: GateAsked, { env, folder, settings }: Place): Promise<Configured> {
  const { upstreams, pointers } = knownUpstreams(env);
  if (config === null) return { file: await writeOwn(folder, upstreams), pointers };
  const text = await readFile(config, 'utf8');
  const parsed = parseConfig({ file: config, text, env: settings });
  if (!parsed.ok) throw new Error(parsed.error.map(formatIssue).join('\n'));
  return { file: config, pointers: pointersTo(parsed.value.upstreams.values()) };
}

/** Without any policies, the built-in ones judge by themselves. */
async function writeOwn(folder: string, upstreams: object): Promise<string> {
  const directory = join(folder, 'policies');
  await mkdir(directory);
  await writeFile(join(directory, 'config.json'), '{}');
  const file = join(folder, 'postern.yaml');
  await writeFile(file, JSON.stringify({ upstreams, policy: { directory } }));
  return file;
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** @throws Error with the problems of the policies, or with what it wrote before it went. */
async function ready(child: ChildProcess, admin: number, start: AbortSignal): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-8_192)));
  for (const end = performance.now() + READY_MS; performance.now() < end; await sleep(POLL_MS)) {
    start.throwIfAborted();
    if (hasEnded(child)) throw new Error(`the gate ended:\n${said}`);
    const page = await fetch(`http://${at(admin)}/readyz`, { signal: AbortSignal.timeout(PAGE_MS) }).catch(
      () => null,
    );
    if (page?.status === 200) return;
    const problem = page === null ? null : problemIn(await page.json());
    if (problem !== null) throw new Error(problem);
  }
  throw new Error(`the gate did not become ready:\n${said}`);
}

interface NotReady {
  readonly policy?: {
    readonly failure?: {
      readonly issues?: ReadonlyArray<{
        readonly file: string;
        readonly row: number;
        readonly message: string;
      }>;
    } | null;
  };
}

/** Policies that do not compile stay that way until somebody edits them: then there is nothing to wait for. */
function problemIn(page: unknown): string | null {
  const issues = (page as NotReady).policy?.failure?.issues ?? [];
  if (issues.length === 0) return null;
  return issues.map(({ file, row, message }) => `${file}:${String(row)}: ${message}`).join('\n');
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'exit');
  clearTimeout(insist);
}
