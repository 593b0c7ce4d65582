// An answer that streams when its pod is told to go: it comes to its end, and so do application and sidecar.
import assert from 'node:assert/strict';
import { KUBECTL, kubectl } from './command.ts';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { endPod, type Place } from './pods.ts';
import { until } from './steps.ts';

/** Reads on when it is told to go, and ends when the stream does. */
export const READER = `
let told = false;
process.on('SIGTERM', () => { told = true; });
const content = 'Count with me: ' + Array.from({ length: 120 }, (_, n) => 'number ' + n).join(' ');
const body = JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content }] });
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-test' };
const answer = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST', headers, body });
let after = 0;
let seen = '';
for await (const piece of answer.body) {
  if (seen === '') console.log('reading');
  seen += Buffer.from(piece).toString();
  if (told) after += 1;
}
console.log(JSON.stringify({ status: answer.status, told, after, isWhole: seen.trimEnd().endsWith('data: [DONE]') }));
process.exit(0);
`;

export async function endInMidStream(place: Place, pod: string): Promise<string> {
  const logs = (...more: readonly string[]): readonly string[] => [
    '-n',
    place.namespace,
    'logs',
    pod,
    '-c',
    place.deployment,
    ...more,
  ];
  await until(60_000, async () => assert.match(await kubectl(...logs()), /reading/));
  const following = spawn(KUBECTL[0], [...KUBECTL.slice(1), ...logs('--follow')]);
  const said = text(following.stdout);
  assert.match(await endPod(place, pod), /^0 0 0$/, 'exit codes of rules, sidecar and application');
  const last = (await said).trim().split('\n').at(-1) ?? '';
  const { after, ...how } = JSON.parse(last) as { after: number };
  assert.deepEqual(how, { status: 200, told: true, isWhole: true });
  assert.ok(after > 1, last);
  return `${String(after)} pieces came after the pod was told to go`;
}
