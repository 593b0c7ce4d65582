// A sidecar that is killed: while it is away nothing passes, and when it is back it judges as before.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Cluster } from './cluster.ts';
import { KUBECTL, kubectl } from './command.ts';
import { OUTSIDE } from './outside.ts';
import { ask, readPod, type Place } from './pods.ts';
import { until } from './steps.ts';

/** Asks what is forbidden, without rest, of an address outside the cluster; what came of it, counted, is its last line. */
const LOAD = `
import { request } from 'node:http';
const [forbidden, host] = process.argv.slice(1);
const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: forbidden }] });
const headers = { host: 'api.openai.com', 'content-type': 'application/json', authorization: 'Bearer sk-test' };
const ask = () => new Promise((resolve) => {
  const asked = request({ host, path: '/v1/chat/completions', method: 'POST', headers, agent: false, timeout: 5000 });
  asked.on('response', (answer) => { answer.resume(); resolve(String(answer.statusCode)); });
  asked.on('error', () => resolve('no connection'));
  asked.on('timeout', () => asked.destroy());
  asked.end(body);
});
const outcomes = {};
const end = Date.now() + 10000;
while (Date.now() < end) {
  const outcome = await ask();
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  await new Promise((resolve) => setTimeout(resolve, 5));
}
console.log(JSON.stringify(outcomes));
`;

export async function killSidecar(
  place: Place,
  forbidden: string,
  killContainer: Cluster['killContainer'],
): Promise<string> {
  const { name, restarts } = await readPod(place);
  const command = [
    'exec',
    name,
    '-n',
    place.namespace,
    '-c',
    place.deployment,
    '--',
    'node',
    '--input-type=module',
    '-e',
    LOAD,
    forbidden,
    OUTSIDE,
  ];
  const load = spawn(KUBECTL[0], [...KUBECTL.slice(1), ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(load.stdout);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await killContainer(await containerOf(place, name));
  const outcomes = JSON.parse(await said) as Record<string, number>;
  const { 'no connection': away = 0, 403: refused = 0, ...others } = outcomes;
  // In plain HTTP, by an address: Postern says no to that by itself.
  assert.deepEqual(others, {});
  assert.ok(away > 0 && refused > 0, JSON.stringify(outcomes));
  await until(60_000, async () => {
    const after = await readPod(place);
    assert.equal(after.name, name);
    assert.ok(
      (after.restarts.at(0) ?? 0) + (after.restarts.at(1) ?? 0) >
        (restarts.at(0) ?? 0) + (restarts.at(1) ?? 0),
    );
  });
  await until(30_000, async () => assert.equal((await ask(place, 'Hello')).kind, 'answer'));
  return `${String(refused)} refused, ${String(away)} not connected, none let through`;
}

async function containerOf({ namespace }: Place, pod: string): Promise<string> {
  const path = 'jsonpath={.status.initContainerStatuses[?(@.name=="postern")].containerID}';
  return (await kubectl('-n', namespace, 'get', 'pod', pod, '-o', path)).replace('containerd://', '');
}
