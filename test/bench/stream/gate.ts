// The gate alone, without sockets: what it lets go with which event, and how its cost grows with the answer.
import { findOperation } from '../../../src/gate/decode/index.ts';
import { AnswerStream } from '../../../src/judge/index.ts';
import type { Snapshot } from '../../../src/policy/index.ts';
import { median } from '../report.ts';
import { PATHS, writeAnswer, type Answer, type Dialect } from './answers.ts';

const LIMITS = { heldBytes: 4_194_304, bodyBytes: 33_554_432 };
const ROUNDS = 15;

function openAnswer(dialect: Dialect, snapshot: Snapshot): AnswerStream {
  const provider = dialect === 'anthropic-messages' ? 'anthropic' : 'openai';
  const url = new URL('http://127.0.0.1');
  const found = findOperation(provider, 'POST', PATHS[dialect]);
  if (found === null) throw new Error(`no operation for ${dialect}`);
  const route = { upstream: { name: 'bench', provider, url }, ...found } as const;
  return new AnswerStream({ route, snapshot, requestedModel: '' }, LIMITS);
}

/** For each frame, the index of the frame that lets it go. */
export function listReleases(dialect: Dialect, { frames }: Answer, snapshot: Snapshot): number[] {
  const stream = openAnswer(dialect, snapshot);
  const passed = frames.map((frame) => stream.push(frame).bytes.length);
  passed.push(stream.end().bytes.length);
  let [gone, end, by] = [passed[0] ?? 0, 0, 0];
  return frames.map((frame) => {
    end += frame.length;
    while (gone < end && by < passed.length) gone += passed[(by += 1)] ?? 0;
    return Math.min(by, frames.length - 1);
  });
}

export interface GateCost {
  readonly eventsPerSecond: number;
  /** Time for an answer that is eight times as long, by the time for this one: 8 where each event costs the same. */
  readonly ratioOfEight: number;
}

export function measureGate(dialect: Dialect, pieces: number, snapshot: Snapshot): GateCost {
  const [short, long] = [writeAnswer(dialect, pieces), writeAnswer(dialect, pieces * 8)];
  const samples = Array.from({ length: ROUNDS + 3 }, () => ({
    // As many events each, so that the collector of garbage has as much to do with each.
    shortMs: timeGate(dialect, { answer: short, times: 8, snapshot }) / 8,
    longMs: timeGate(dialect, { answer: long, times: 1, snapshot }),
  })).slice(3);
  return {
    eventsPerSecond: (short.frames.length / median(samples.map(({ shortMs }) => shortMs))) * 1_000,
    ratioOfEight: median(samples.map(({ shortMs, longMs }) => longMs / shortMs)),
  };
}

function timeGate(
  dialect: Dialect,
  { answer, times, snapshot }: { answer: Answer; times: number; snapshot: Snapshot },
): number {
  const startMs = performance.now();
  for (let i = 0; i < times; i += 1) {
    const stream = openAnswer(dialect, snapshot);
    for (const frame of answer.frames) stream.push(frame);
    stream.end();
  }
  return performance.now() - startMs;
}
