// Framings of streams: the same frames for every split of the bytes, and what is written is read again.
import { FRAMINGS, writeFrames, type Frame, type Framing } from '../../../src/gate/decode/index.ts';
import { eventMessage, header, headersOf, sealMessage } from '../../../src/demo/llm/index.ts';
import { claim, type FuzzTarget } from '../target.ts';

/** Null at a fault: how much was read by then depends on the split. */
function read(framing: Framing, chunks: readonly Buffer[]): readonly Frame[] | null {
  const reader = framing.openReader();
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    const pushed = reader.push(chunk);
    if (!pushed.ok) return null;
    frames.push(...pushed.value);
  }
  const ended = reader.end();
  return ended.ok ? [...frames, ...ended.value] : null;
}

const describe = (frames: readonly Frame[] | null): string =>
  frames === null ? 'fault' : frames.map(({ name, data }) => `${name}|${data.toString('hex')}`).join('\n');

type Words = Pick<FuzzTarget, 'name' | 'seeds' | 'words'>;

const targetOf = (framing: Framing, words: Words): FuzzTarget => ({
  ...words,
  run: (input) => {
    const whole = read(framing, [input]);
    const single = read(
      framing,
      [...input].map((byte) => Buffer.of(byte)),
    );
    claim(describe(whole) === describe(single), 'one byte at a time gives other frames');
    if (whole === null) return;
    const again = read(framing, writeFrames(framing, whole));
    claim(describe(again) === describe(whole), 'what was written is not what was read');
  },
});

export const eventStream = targetOf(FRAMINGS.sse, {
  name: 'event-stream',
  seeds: [
    Buffer.from('data: {"a":1}\n\ndata: [DONE]\n\n'),
    Buffer.from('event: ping\r\ndata: x\r\ndata: y\r\n\r\n: note\r\rid: 7\nretry: 3\ndata\n\n'),
    Buffer.from('\ufeffdata:x\n\n'),
  ],
  words: ['data: ', 'event: ', '\r\n', '\n\n', '\r', ': ', '\ufeff', 'id:', 'data', '\u{1f600}'],
});

export const ndjsonStream = targetOf(FRAMINGS.ndjson, {
  name: 'ndjson',
  seeds: [Buffer.from('{"a":1}\n{"b":"\\n"}\n'), Buffer.from('{}\r\n\n{}\n')],
  words: ['\n', '\r\n', '{}', '\ufeff'],
});

export const jsonArrayStream = targetOf(FRAMINGS.json_array, {
  name: 'json-array',
  seeds: [Buffer.from('[{"a":1}\n,\r\n{"b":"]}\\""}]'), Buffer.from('[]')],
  words: ['[', ']', '{', '}', ',', '"', '\\"', '\ufeff'],
});

const eventstream = targetOf(FRAMINGS.eventstream, {
  name: 'eventstream',
  seeds: [headersOf({ ':event-type': 'a', ':content-type': 'application/json', ':message-type': 'event' })],
  words: [':exception-type', 'exception', ':message-type', header(':event-type', 'a').toString('latin1')],
});

/** Input that no checksum protects gets nowhere: it is taken for the headers of a message whose checksums are right. */
export const eventstreamMessage: FuzzTarget = {
  ...eventstream,
  run: (input) => {
    eventstream.run(input);
    eventstream.run(Buffer.concat([sealMessage(input), sealMessage(input, input)]));
  },
};

const chunk = targetOf(FRAMINGS.chunks, { name: 'chunks', seeds: [], words: [] });

/** Events of a model's dialect: input is taken for one of them, and for a whole chunk. */
export const chunks: FuzzTarget = {
  name: 'chunks',
  seeds: [
    Buffer.from('{"type":"message_stop"}'),
    Buffer.from('{"bytes":"eyJ0eXBlIjoicGluZyJ9","p":"abcdef"}'),
  ],
  words: ['"bytes":"', '"p":"', '"type":"ping"', '=', '==', 'eyJ9'],
  run: (input) => {
    chunk.run(eventMessage('chunk', input.toString('latin1')));
    const event = eventMessage('chunk', `{"bytes":"${input.toString('base64')}"}`);
    chunk.run(Buffer.concat([event, event]));
  },
};
