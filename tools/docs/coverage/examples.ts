// The full examples that the tests decode in; for each dialect, what every string of them is judged as, out.
import type { Dialect } from '../../../src/exchange/index.ts';
import { codecOf, FRAMINGS, writeFrames } from '../../../src/gate/decode/index.ts';
import { ok } from '../../../src/lib/result.ts';
import { askedOf, listGoldens, readGolden } from '../../../test/support/golden.ts';
import { probe, type Decode, type Probed } from './probe.ts';

/** In the order of an exchange; files of the same side begin with its name. */
export const SIDES = {
  request: 'requests',
  response: 'answers',
  error: 'errors',
  stream: 'streams',
} as const;

export type Side = keyof typeof SIDES;

interface GoldenEvent {
  readonly event?: string;
  readonly data: unknown;
}

export const probeDialect = (dialect: Dialect, side: Side): readonly Probed[] =>
  listGoldens(`decode/${dialect}`)
    .filter((name) => name.split('-', 1)[0] === side)
    .flatMap((name) => probeExample(dialect, side, `decode/${dialect}/${name}`));

function probeExample(dialect: Dialect, side: Side, path: string): readonly Probed[] {
  const example: unknown = JSON.parse(readGolden(`${path}/input.json`).toString());
  if (side === 'stream') return probeStream(dialect, example as GoldenEvent[]);
  const codec = codecOf({ dialect });
  return probe(example, (document) => {
    const body = Buffer.from(JSON.stringify(document));
    const decoded =
      side === 'request' ? codec.decodeRequest(body, askedOf(path)) : codec.decodeResponse(body);
    return decoded.ok ? ok({ parts: decoded.value.parts, opaque: decoded.value.coverage.opaque }) : decoded;
  });
}

/** Each event is probed among all the others: what it says may end in the lane of an earlier one. */
const probeStream = (dialect: Dialect, events: readonly GoldenEvent[]): readonly Probed[] =>
  events.flatMap(({ event = '', data }, index) =>
    probe(data, (document) => readStream(dialect, events.with(index, { event, data: document }))).map(
      (probed) => ({
        ...probed,
        path: event === '' ? probed.path : `${event}: ${probed.path}`,
      }),
    ),
  );

function readStream(dialect: Dialect, events: readonly GoldenEvent[]): ReturnType<Decode> {
  const frames = events.map(({ event = '', data }) => ({
    name: event,
    data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
  }));
  const read = codecOf({ dialect })
    .openStream(FRAMINGS.sse)
    .push(Buffer.concat(writeFrames(FRAMINGS.sse, frames)));
  if (!read.ok) return read;
  const opaque = read.value.reduce((sum, { coverage }) => sum + coverage.opaque, 0);
  return ok({ parts: read.value.flatMap(({ deltas }) => deltas), opaque });
}
