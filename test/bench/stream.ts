// make bench SUITE=stream: when each piece of a streaming answer reaches its reader, directly, through a proxy that only
// pipes, and through Postern with every guard on; in turn, in one run. And the gate alone: its cost as answers grow.
import { Agent } from 'node:http';
import { freePort } from '../support/postern.ts';
import { openBuiltIn } from './built-in.ts';
import { startPostern } from './postern.ts';
import { Processes } from './processes.ts';
import { percentile, report } from './report.ts';
import { DIALECTS, PATHS, writeAnswer } from './stream/answers.ts';
import { listReleases, measureGate } from './stream/gate.ts';
import { listen } from './stream/listen.ts';
import { createSamples, findAdded, noteAll, noteFirst, type Sample, type Take } from './stream/samples.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 4);
/** Two hundred pieces a second: a fast model. */
const PACE_MS = 5;
const PIECES = 400;
/** Short answers beside each long one, for the time to the first piece. */
const STARTS = 40;
const START_PIECES = 4;

const { snapshot } = await openBuiltIn();
await using processes = new Processes();
const [upstream, bare] = [await freePort(), await freePort()];
const origin = `http://127.0.0.1:${upstream}`;
const here = (file: string): string => `${import.meta.dirname}/${file}`;
await processes.start('upstream', upstream, [here('stream/upstream.ts'), `${upstream}`, `${PACE_MS}`]);
await processes.start('pass-through', bare, [here('pass-through.ts'), `${bare}`, `${upstream}`]);
const postern = await startPostern(processes, {
  openai: { provider: 'openai', url: origin },
  anthropic: { provider: 'anthropic', url: origin },
});
const agent = new Agent({ keepAlive: true });

const samples = createSamples();
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const sample of samples) {
    process.stderr.write(`\r\u001b[Kround ${round}/${ROUNDS} ${sample.dialect} ${sample.target} …`);
    const starts = await takeTimes(STARTS, () => take(sample, START_PIECES));
    const whole = await take(sample, PIECES);
    if (round === 0) continue; // warms everything up, in the order that is measured
    for (const start of starts) noteFirst(sample, start);
    noteAll(sample, whole);
  }
}
process.stderr.write('\r\u001b[K');
agent.destroy();

async function takeTimes(times: number, act: () => Promise<Take>): Promise<Take[]> {
  const takes: Take[] = [];
  for (let i = 0; i < times; i += 1) takes.push(await act());
  return takes;
}

async function take({ dialect, target }: Sample, pieces: number): Promise<Take> {
  const answer = writeAnswer(dialect, pieces);
  const url = `${originOf({ dialect, target })}${PATHS[dialect]}`;
  const heard = await listen({ url, timesUrl: `${origin}/said`, dialect, pieces, answer, agent });
  const releases =
    target === 'postern' ? listReleases(dialect, answer, snapshot) : answer.frames.map((_, index) => index);
  return { ...heard, answer, releases };
}

function originOf({ dialect, target }: Pick<Sample, 'dialect' | 'target'>): string {
  if (target === 'direct') return origin;
  if (target === 'pass-through') return `http://127.0.0.1:${bare}`;
  return `${postern.url}/${dialect === 'anthropic-messages' ? 'anthropic' : 'openai'}`;
}

const costs = DIALECTS.map((dialect) => ({ dialect, ...measureGate(dialect, PIECES, snapshot) }));
const [added, addedByPipe] = [findAdded(samples, 'postern'), findAdded(samples, 'pass-through')];
const inMs = (values: readonly number[], rank: number): string => percentile(values, rank).toFixed(2);

await report('stream', {
  rows: samples.map((sample) => ({
    dialect: sample.dialect,
    target: sample.target,
    'first piece p50 ms': inMs(sample.firstMs, 0.5),
    p99: inMs(sample.firstMs, 0.99),
    'gap p50 ms': inMs(sample.gapMs, 0.5),
    'p99 ': inMs(sample.gapMs, 0.99),
    'piece after its release p50 ms': inMs(sample.afterReleaseMs, 0.5),
    'p99  ': inMs(sample.afterReleaseMs, 0.99),
    'pieces held p50': percentile(sample.heldEvents, 0.5),
    'p99   ': percentile(sample.heldEvents, 0.99),
  })),
  figures: {
    ttft_added_ms: added('firstMs', 0.5),
    ttft_added_p99_ms: added('firstMs', 0.99),
    ttft_added_passthrough_ms: addedByPipe('firstMs', 0.5),
    ttft_added_after_release_ms: added('firstAfterReleaseMs', 0.5),
    ttft_added_after_release_p99_ms: added('firstAfterReleaseMs', 0.99),
    gap_added_ms: added('gapMs', 0.5),
    gap_added_p99_ms: added('gapMs', 0.99),
    gap_added_passthrough_p99_ms: addedByPipe('gapMs', 0.99),
    piece_added_after_release_ms: added('afterReleaseMs', 0.5),
    piece_added_after_release_p99_ms: added('afterReleaseMs', 0.99),
    piece_added_passthrough_ms: addedByPipe('afterReleaseMs', 0.5),
    pieces_held_p50: added('heldEvents', 0.5),
    pieces_held_p99: added('heldEvents', 0.99),
    gate_events_per_second: Math.min(...costs.map(({ eventsPerSecond }) => eventsPerSecond)),
    gate_ratio_8x: Math.max(...costs.map(({ ratioOfEight }) => ratioOfEight)),
  },
  notes: [
    `${ROUNDS} rounds; ${PIECES} pieces of 4 to 12 characters, one every ${PACE_MS} ms, then the call of a tool; ${STARTS} short answers beside each`,
    'added: over the direct connection, in the dialect where it is most; every byte that arrived was compared',
    `a word that may go on is held until the next piece tells, which depends on the pace of the model, ${PACE_MS} ms here; "after release" counts from the piece that tells`,
    ...costs.map(
      ({ dialect, eventsPerSecond, ratioOfEight }) =>
        `the gate alone, ${dialect}: ${Math.round(eventsPerSecond).toLocaleString('en')} events a second; an answer 8 times as long takes ${ratioOfEight.toFixed(2)} times as long`,
    ),
  ],
});
