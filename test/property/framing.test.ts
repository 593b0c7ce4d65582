import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FRAMINGS, writeFrames, type Frame, type Framing } from '../../src/gate/decode/index.ts';
import { eventMessage, header, sealMessage } from '../../src/demo/llm/index.ts';

const PIECES: Readonly<Record<string, ReadonlyArray<string | Buffer>>> = {
  sse: [
    'data: a',
    'data:',
    'data: {"ä":"日"}',
    'event: x',
    ': note',
    'id: 1',
    '\r',
    '\n',
    '\r\n',
    '\n\n',
    '😀',
  ],
  ndjson: ['{"ä":"日"}', '\n', '\r\n', '{}', ' '],
  json_array: ['[', ']', ',', '{', '}', '"', '\\"', '\\', 'ä', ' ', '{"a":[]}', '[{}'],
  eventstream: [eventMessage('a', '{}'), eventMessage('a', '日'), sealMessage(header('a', 'b')), '\0'],
};

const join = (pieces: ReadonlyArray<string | Buffer>): Buffer =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));

const readAll = (framing: Framing, chunks: readonly Buffer[]): unknown => {
  const reader = framing.openReader();
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    const pushed = reader.push(chunk);
    // Which frames came before a fault depends on the split; that there is one does not.
    if (!pushed.ok) return pushed.error;
    frames.push(...pushed.value);
  }
  return { frames: frames.map(readable), end: reader.end() };
};

const readable = ({ name, data }: Frame): readonly string[] => [name, data.toString()];

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

const jsonLine = fc
  .dictionary(fc.string(), fc.string({ unit: 'grapheme' }))
  .map((value) => JSON.stringify(value));

const FRAMES = {
  sse: fc.record({
    name: fc.stringMatching(/^[a-z_]*$/),
    data: fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\r')),
  }),
  ndjson: fc.record({ name: fc.constant(''), data: jsonLine }),
  json_array: fc.record({ name: fc.constant(''), data: jsonLine }),
  eventstream: fc.record({
    name: fc.stringMatching(/^(exception:)?[A-Za-z][A-Za-z0-9-]{0,20}$/),
    data: fc.string({ unit: 'grapheme' }),
  }),
};

const NAMES = ['sse', 'ndjson', 'json_array', 'eventstream'] as const;

describe.each(NAMES)('the framing %s', (name) => {
  const framing = FRAMINGS[name];

  it('gives the same frames for every split of the bytes', () => {
    const stream = fc.array(fc.constantFrom(...(PIECES[name] ?? [])), { maxLength: 40 }).map(join);
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 10 }), (bytes, places) => {
        const whole = readAll(framing, [bytes]);
        expect(readAll(framing, cut(bytes, places))).toEqual(whole);
        expect(
          readAll(
            framing,
            Array.from(bytes, (byte) => Buffer.from([byte])),
          ),
        ).toEqual(whole);
      }),
    );
  });

  it('reads back what it writes, with signs of life between', () => {
    fc.assert(
      fc.property(fc.array(FRAMES[name], { maxLength: 10 }), (said) => {
        const frames = said.map(({ name: called, data }) => ({ name: called, data: Buffer.from(data) }));
        const bytes = writeFrames(framing, frames).flatMap((piece) => [framing.keepAlive, piece]);
        expect(readAll(framing, bytes)).toEqual({
          frames: frames.map(readable),
          end: { ok: true, value: [] },
        });
      }),
    );
  });
});
