import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeEvent, SseDecoder, type SseEvent } from '../../src/gate/decode/sse.ts';

const piece = fc.constantFrom(
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
  '\r\n\r\n',
  '😀',
);
const stream = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));

function decodeAll(chunks: readonly Buffer[]): unknown {
  const decoder = new SseDecoder();
  const events: SseEvent[] = [];
  for (const chunk of chunks) {
    const pushed = decoder.push(chunk);
    if (!pushed.ok) return pushed.error;
    events.push(...pushed.value);
  }
  return { events: events.map(({ name, data }) => [name, data.toString()]), end: decoder.end() };
}

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

describe('framing of event streams', () => {
  it('gives the same events for every split of the bytes', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 10 }), (bytes, places) => {
        const whole = decodeAll([bytes]);
        expect(decodeAll(cut(bytes, places))).toEqual(whole);
        expect(decodeAll(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole);
      }),
    );
  });

  it('reads back what it writes', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\r'));
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.stringMatching(/^[a-z_]*$/), data: text })), (events) => {
        const bytes = events.map(({ name, data }) => encodeEvent(name, Buffer.from(data)));
        expect(decodeAll(bytes)).toEqual({
          events: events.map(({ name, data }) => [name, data]),
          end: { ok: true, value: [] },
        });
      }),
    );
  });
});
