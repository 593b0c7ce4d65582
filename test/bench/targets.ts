// Starts what is compared, each a process of its own on loopback; ends them all when disposed of.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, IMAGE_FLAGS } from '../support/postern.ts';

const root = join(import.meta.dirname, '../..');

/** Peers are installed here, apart from the project's own dependencies. */
export const peersFolder = join(root, '.cache/bench');
const PEERS = ['@portkey-ai/gateway@1.15.2', 'autocannon@8.0.0'];

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly residentMib: () => number;
}

export interface Targets extends AsyncDisposable {
  readonly list: readonly Target[];
}

export async function startTargets(): Promise<Targets> {
  installPeers();
  const work = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  const children: ChildProcess[] = [];
  const start = async (name: string, port: number, args: readonly string[]): Promise<ChildProcess> => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TRUSTED_CUSTOM_HOSTS: '127.0.0.1' },
    });
    children.push(child);
    await waitFor(name, port, child);
    return child;
  };
  const [upstream, bare, http, admin, otlp, portkey] = await freePorts();
  const chat = '/v1/chat/completions';
  const ends = {
    direct: await start('upstream', upstream, [join(import.meta.dirname, 'upstream.ts'), `${upstream}`]),
    bare: await start('pass-through', bare, [
      join(import.meta.dirname, 'pass-through.ts'),
      `${bare}`,
      `${upstream}`,
    ]),
    postern: await startPostern({ work, upstream, http, admin, otlp, start }),
    portkey: await start('portkey', portkey, [
      `${peersFolder}/node_modules/@portkey-ai/gateway/build/start-server.js`,
      `--port=${portkey}`,
      '--headless',
    ]),
  };
  const target = (name: string, url: string, child: ChildProcess, headers = {}): Target => ({
    name,
    url,
    headers,
    residentMib: () => residentMib(child),
  });
  return {
    list: [
      target('direct', `http://127.0.0.1:${upstream}${chat}`, ends.direct),
      target('pass-through', `http://127.0.0.1:${bare}${chat}`, ends.bare),
      target('postern', `http://127.0.0.1:${http}/openai${chat}`, ends.postern),
      target('portkey', `http://127.0.0.1:${portkey}${chat}`, ends.portkey, {
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `http://127.0.0.1:${upstream}/v1`,
      }),
    ],
    [Symbol.asyncDispose]: async () => {
      await Promise.all(children.map(end));
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function installPeers(): void {
  const wanted = PEERS.join(' ');
  const mark = join(peersFolder, 'installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  process.stderr.write(`installing the peers: ${wanted}\n`);
  mkdirSync(peersFolder, { recursive: true });
  writeFileSync(join(peersFolder, 'package.json'), '{"private":true}\n');
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', ...PEERS],
    { cwd: peersFolder, stdio: 'inherit' },
  );
  writeFileSync(mark, wanted);
}

interface PosternStart {
  readonly work: string;
  readonly upstream: number;
  readonly http: number;
  readonly admin: number;
  readonly otlp: number;
  readonly start: (name: string, port: number, args: readonly string[]) => Promise<ChildProcess>;
}

/** With the whole built-in policy set, an audit log, and traces going to a receiver that takes them in. */
async function startPostern({
  work,
  upstream,
  http,
  admin,
  otlp,
  start,
}: PosternStart): Promise<ChildProcess> {
  const policies = join(work, 'policies');
  const sources = join(work, 'sources');
  mkdirSync(policies);
  mkdirSync(sources);
  writeFileSync(
    join(sources, 'config.json'),
    JSON.stringify({ max_user_length: 10_000, allow_code_execution: false }),
  );
  const build = ['policy', 'build', '--directory', sources, '--bundle', join(policies, 'bundle.tar.gz')];
  execFileSync(process.execPath, [join(root, 'src/main.ts'), ...build], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const config = {
    listen: { http: `127.0.0.1:${http}`, admin: `127.0.0.1:${admin}` },
    upstreams: { openai: { provider: 'openai', url: `http://127.0.0.1:${upstream}` } },
    policy: { directory: policies },
    audit: { file: join(work, 'audit.jsonl') },
    telemetry: { otlp: `http://127.0.0.1:${otlp}` },
  };
  writeFileSync(join(work, 'postern.yaml'), JSON.stringify(config));
  await start('telemetry sink', otlp, [join(import.meta.dirname, 'sink.ts'), `${otlp}`]);
  const child = await start('postern', http, [
    ...IMAGE_FLAGS,
    join(root, 'dist/main.js'),
    'sidecar',
    '--config',
    join(work, 'postern.yaml'),
  ]);
  await ready(admin);
  return child;
}

async function ready(admin: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${admin}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await pause();
  }
  throw new Error('postern did not become ready');
}

async function waitFor(name: string, port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await pause();
  }
  throw new Error(`${name} did not come up`);
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'exit');
  clearTimeout(hard);
}

function residentMib(child: ChildProcess): number {
  const status = existsSync(`/proc/${child.pid}/status`)
    ? readFileSync(`/proc/${child.pid}/status`, 'utf8')
    : '';
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}

async function freePorts(): Promise<[number, number, number, number, number, number]> {
  return [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
}
