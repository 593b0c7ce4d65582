// A target in; requests a second under load, or the median latency of one caller alone, out.
import { execFile } from 'node:child_process';
import { Agent, request } from 'node:http';
import { promisify } from 'node:util';
import { median } from './report.ts';
import { peersFolder, type Target } from './targets.ts';

const run = promisify(execFile);
const CONNECTIONS = 16;

/** A chat of 1 kB, as an application sends it. */
export const BODY = JSON.stringify({
  model: 'gpt-4o-mini',
  messages: [
    { role: 'system', content: 'You answer questions about the delivery of parcels, briefly and kindly.' },
    { role: 'user', content: 'Where is my parcel? It was promised for Tuesday. '.repeat(17) },
  ],
});

export const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer bench-key' };

/** The load comes from a process of its own. */
export async function measureThroughput({ url, headers }: Target, seconds: number): Promise<number> {
  const fields = Object.entries({ ...HEADERS, ...headers }).flatMap(([name, value]) => [
    '-H',
    `${name}=${value}`,
  ]);
  const script = `${peersFolder}/node_modules/autocannon/autocannon.js`;
  const args = [
    script,
    '-j',
    '-n',
    '-c',
    `${CONNECTIONS}`,
    '-d',
    `${seconds}`,
    '-m',
    'POST',
    ...fields,
    '-b',
    BODY,
    url,
  ];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 24 });
  const result = JSON.parse(stdout) as {
    requests: { average: number };
    non2xx: number;
    errors: number;
    '2xx': number;
  };
  if (result.non2xx + result.errors > 0 || result['2xx'] === 0) {
    throw new Error(
      `${url}: ${result.non2xx} refused, ${result.errors} failed: the figure would mean nothing`,
    );
  }
  return result.requests.average;
}

/** Median microseconds of a request at concurrency 1. */
export async function measureLatency(target: Target, count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const samples: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const start = process.hrtime.bigint();
    await post(target, agent);
    samples.push(Number(process.hrtime.bigint() - start) / 1_000);
  }
  agent.destroy();
  return median(samples);
}

function post({ url, headers }: Target, agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const length = Buffer.byteLength(BODY);
  const call = request(
    url,
    { method: 'POST', agent, headers: { ...HEADERS, ...headers, 'content-length': length } },
    (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url}: status ${answer.statusCode}`));
      answer.resume().once('end', resolve);
    },
  );
  call.once('error', reject).end(BODY);
  return promise;
}
