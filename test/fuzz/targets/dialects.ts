// Bodies and streams of every dialect: decoded or refused, never thrown; no text that a client would read goes unseen.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '../../../src/exchange/index.ts';
import {
  codecOf,
  FRAMINGS,
  OPERATIONS,
  type Codec,
  type StreamEvent,
} from '../../../src/gate/decode/index.ts';
import { parseJson, plainValue } from '../../../src/gate/decode/json/index.ts';
import { writeStream, type GoldenEvent } from '../../support/events.ts';
import { claim, type FuzzTarget } from '../target.ts';

const GOLDEN = join(import.meta.dirname, '../../golden/decode');

function goldenOf(dialect: string, name: string): Buffer[] {
  const file = join(GOLDEN, dialect, name, 'input.json');
  return existsSync(file) ? [readFileSync(file)] : [];
}

const WORDS = [
  '"role":"user"',
  '"content":"x"',
  '"type":"text"',
  '"tool_calls":[',
  '"arguments":"{}"',
  '{}',
  '[]',
  'null',
  '"delta":{',
  '"index":1',
  '"stop"',
  '\\u0041',
];

/** Long enough that no field has it by chance. */
const CANARY = 'canary-7f3a';

export const dialects: readonly FuzzTarget[] = [
  ...new Set(OPERATIONS.map(({ operation }) => operation.dialect)),
].flatMap((dialect): readonly FuzzTarget[] => {
  const codec = codecOf({ dialect });
  const bodies: readonly FuzzTarget[] = [
    {
      name: `${dialect}-request`,
      seeds: goldenOf(dialect, 'request'),
      words: [...WORDS, `"${CANARY}"`],
      run: (input) => seeAll(input, (body) => codec.decodeRequest(body), codec.listRequests),
    },
    {
      name: `${dialect}-answer`,
      seeds: [...goldenOf(dialect, 'response'), ...goldenOf(dialect, 'error')],
      words: [...WORDS, `"${CANARY}"`],
      run: (input) => seeAll(input, (body) => codec.decodeResponse(body)),
    },
  ];
  // Bodies that are no JSON have targets of their own.
  return [...bodies.filter(({ seeds }) => seeds.length > 0), ...streams(dialect)];
});

/** Of dialects whose answers stream. */
function streams(dialect: Dialect): readonly FuzzTarget[] {
  const seeds = goldenOf(dialect, 'stream').map((text) =>
    writeStream(JSON.parse(text.toString()) as GoldenEvent[]),
  );
  if (seeds.length === 0) return [];
  const codec = codecOf({ dialect });
  return [
    {
      name: `${dialect}-stream`,
      seeds,
      words: [...WORDS, '\n\n', 'data: ', 'event: '],
      run: (input) => readInAnySplit(input, codec),
    },
  ];
}

type Decode = (body: Buffer) => ReturnType<Codec['decodeRequest']> | ReturnType<Codec['decodeResponse']>;

/** `list` says what is judged as itself, within. */
function seeAll(input: Buffer, decode: Decode, list?: Codec['listAnswers']): void {
  const [decoded, within] = [decode(input), list?.(input)];
  if (!decoded.ok || within?.ok === false) return;
  const parsed = parseJson(input);
  const { parts, coverage } = decoded.value;
  // Sound is counted, and nobody says that it was understood.
  const isSound = parts.length > 0 && parts.every(({ kind }) => kind === 'media');
  if (!parsed.ok) return claim(isSound, 'a body was understood that is not JSON');
  claim(coverage.bytes === input.length, 'the bytes of the body are not those that were counted');
  const isPlanted = JSON.stringify(plainValue(parsed.value)).includes(CANARY);
  const isWithin = within?.value.some(({ start, end }) => input.subarray(start, end).includes(CANARY));
  const isSeen = parts.some(({ text }) => text.includes(CANARY)) || isWithin === true;
  claim(!isPlanted || isSeen, 'a string went unseen');
}

function readInAnySplit(input: Buffer, codec: Codec): void {
  const whole = readStream([input], codec);
  const halves = readStream([input.subarray(0, input.length >> 1), input.subarray(input.length >> 1)], codec);
  claim(whole === halves, 'a split gives other events');
}

/** Which of several it is depends on what of them came with the same bytes. */
const FAULT = 'fault';

function readStream(chunks: readonly Buffer[], codec: Codec): string {
  const decoder = codec.openStream(FRAMINGS.sse);
  const events: StreamEvent[] = [];
  for (const chunk of chunks) {
    const pushed = decoder.push(chunk);
    if (!pushed.ok) return FAULT;
    events.push(...pushed.value);
  }
  const ended = decoder.end();
  return ended.ok ? JSON.stringify([...events, ...ended.value]) : FAULT;
}
