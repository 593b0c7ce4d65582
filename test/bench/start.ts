// make bench SUITE=start: how long a sidecar takes from its start until it is ready, and what it weighs, idle and under load;
// with base URLs alone, and with TLS ended in it. Beside the bare pass-through, in turn, in one run.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { freePort, IMAGE_ENV, IMAGE_FLAGS } from '../support/postern.ts';
import { buildPolicies } from './postern.ts';
import { Processes, residentMib } from './processes.ts';
import { median, report } from './report.ts';
import { loadFor, type Load } from './start/load.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const SECONDS = Number(process.env['SECONDS'] ?? 20);
const IDLE_MS = 3_000;

const root = join(import.meta.dirname, '../..');
const here = (file: string): string => join(import.meta.dirname, file);

await using processes = new Processes();
const upstream = await freePort();
await processes.start('upstream', upstream, [here('start/upstream.ts'), `${upstream}`]);
const directory = buildPolicies(processes.folder);

/** Without its types, as what is shipped is: to take them off as it starts costs 40 ms and 15 MiB, which no proxy would pay. */
function writeBare(): string {
  const file = join(root, 'build/pass-through.mjs');
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(file, stripTypeScriptTypes(readFileSync(here('pass-through.ts'), 'utf8')));
  return file;
}

const bareProgram = writeBare();

interface Sample {
  readonly target: string;
  readonly startMs: number[];
  idleMib: number;
  loadedMib: number;
  load: Load | null;
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly readyMs: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polled finely: what is measured is half a second. */
async function start(
  args: readonly string[],
  [ready, url]: readonly [string, string],
  env = {},
): Promise<Started> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, ...env },
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
    const answer = await fetch(ready).catch(() => null);
    if (answer !== null && answer.status !== 503) break;
    await pause(5);
  }
  return { child, url, readyMs: performance.now() - began };
}

async function startBare(): Promise<Started> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return start([bareProgram, `${port}`, `${upstream}`], [url, `${url}/v1/chat/completions`]);
}

async function startSidecar(intercepting: boolean): Promise<Started> {
  const [http, admin] = [await freePort(), await freePort()];
  const at = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  const config = {
    listen: {
      http: `127.0.0.1:${http}`,
      admin: `127.0.0.1:${admin}`,
      ...(intercepting ? { proxy: await at(), hosts: await at() } : {}),
    },
    interception: { trust_directory: join(processes.folder, 'trust') },
    upstreams: {
      openai: { provider: 'openai', url: `http://127.0.0.1:${upstream}`, hosts: ['api.openai.com'] },
    },
    policy: { directory },
    audit: { file: join(processes.folder, 'audit.jsonl') },
  };
  const file = join(processes.folder, `${http}.json`);
  writeFileSync(file, JSON.stringify(config));
  const args = [...IMAGE_FLAGS, join(root, 'dist/main.js'), 'sidecar', '--config', file];
  return start(
    args,
    [`http://127.0.0.1:${admin}/readyz`, `http://127.0.0.1:${http}/openai/v1/chat/completions`],
    IMAGE_ENV,
  );
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const TARGETS: ReadonlyArray<readonly [string, () => Promise<Started>]> = [
  ['pass-through', startBare],
  ['postern', () => startSidecar(false)],
  ['postern, ending TLS', () => startSidecar(true)],
];
const samples = TARGETS.map(([target]): Sample => ({
  target,
  startMs: [],
  idleMib: Number.NaN,
  loadedMib: Number.NaN,
  load: null,
}));

for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [index, [target, open]] of TARGETS.entries()) {
    process.stderr.write(`\r\u001b[Kround ${round}/${ROUNDS} ${target} …`);
    const { child, readyMs, url } = await open();
    const sample = samples[index];
    if (sample === undefined) continue;
    if (round > 0) sample.startMs.push(readyMs);
    if (round === ROUNDS) {
      await pause(IDLE_MS);
      sample.idleMib = residentMib(child);
      sample.load = await loadFor(url, SECONDS);
      sample.loadedMib = residentMib(child);
    }
    await end(child);
  }
}
process.stderr.write('\r\u001b[K');

const [bare, plain, tls] = samples;
const startOf = (sample: Sample | undefined): number => median(sample?.startMs ?? []);
await report('start', {
  rows: samples.map(({ target, startMs, idleMib, loadedMib, load }) => ({
    target,
    'start to ready, ms (median)': Math.round(median(startMs)),
    'idle MiB': idleMib,
    'loaded MiB': loadedMib,
    answered: load?.answered ?? 0,
    failed: load?.failed ?? 0,
    'pieces of streams': load?.pieces ?? 0,
  })),
  figures: {
    start_ms: startOf(plain),
    start_ratio_to_passthrough: startOf(plain) / startOf(bare),
    start_ms_tls: startOf(tls),
    rss_idle_mib: plain?.idleMib ?? Number.NaN,
    rss_loaded_mib: plain?.loadedMib ?? Number.NaN,
    rss_idle_mib_tls: tls?.idleMib ?? Number.NaN,
    rss_loaded_mib_tls: tls?.loadedMib ?? Number.NaN,
  },
  notes: [
    `${ROUNDS} starts each, in turn; then ${SECONDS} s of 200 requests a second beside 50 streams at 20 pieces a second`,
  ],
});
