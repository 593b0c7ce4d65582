// Starts what is compared, each a process of its own on loopback; ends them all when disposed of.
import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/postern.ts';
import { startPostern } from './postern.ts';
import { Processes, residentMib } from './processes.ts';

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
  const processes = new Processes();
  const here = (file: string): string => join(import.meta.dirname, file);
  const [upstream, bare, portkey] = [await freePort(), await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${upstream}`;
  const chat = '/v1/chat/completions';
  const ends = {
    direct: await processes.start('upstream', upstream, [here('upstream.ts'), `${upstream}`]),
    bare: await processes.start('pass-through', bare, [here('pass-through.ts'), `${bare}`, `${upstream}`]),
    postern: await startPostern(processes, { openai: { provider: 'openai', url: origin } }),
    portkey: await processes.start('portkey', portkey, [
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
      target('direct', `${origin}${chat}`, ends.direct),
      target('pass-through', `http://127.0.0.1:${bare}${chat}`, ends.bare),
      target('postern', `${ends.postern.url}/openai${chat}`, ends.postern.child),
      target('portkey', `http://127.0.0.1:${portkey}${chat}`, ends.portkey, {
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `${origin}/v1`,
      }),
    ],
    [Symbol.asyncDispose]: () => processes[Symbol.asyncDispose](),
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
