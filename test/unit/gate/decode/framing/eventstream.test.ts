import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { FRAMINGS, writeFrames } from '../../../../../src/gate/decode/index.ts';
import { eventMessage, header, headersOf, sealMessage } from '../../../../../src/demo/llm/index.ts';

const JSON_TYPE = { ':content-type': 'application/json' };
const EVENT = { ':event-type': 'messageStop', ...JSON_TYPE, ':message-type': 'event' };

const read = (...chunks: readonly Buffer[]): unknown => {
  const reader = FRAMINGS.eventstream.openReader();
  const frames: string[] = [];
  for (const chunk of chunks) {
    const pushed = reader.push(chunk);
    if (!pushed.ok) return pushed.error.code;
    frames.push(...pushed.value.map(({ name, data }) => `${name} ${data.toString()}`));
  }
  const ended = reader.end();
  return ended.ok ? frames : ended.error.code;
};

const stop = eventMessage('messageStop', '{"stopReason":"end_turn"}');
const exception = sealMessage(
  headersOf({ ':exception-type': 'validationException', ...JSON_TYPE, ':message-type': 'exception' }),
  Buffer.from('{"message":"no"}'),
);

/** The protocol's own examples: whole, of no use to us, and broken in each place. */
const VECTORS = {
  empty: '000000100000000005c248eb7d98c8ff',
  int32Header: '0000002d0000001041c424b80a6576656e742d74797065040000a00c7b27666f6f273a27626172277d36f480a0',
  noHeaders: '0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936',
  stringHeader:
    '0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1',
  brokenHeaders:
    '0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b61666f6f273a27626172277d8d9c08b1',
  brokenHeaderLength:
    '0000003d0000002107fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1',
  brokenLength:
    '0000003e0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1',
  brokenPayload: '0000001d00000000fd528c5a5b27666f6f273a27626172277dc3653936',
} as const;

describe('the reader of an eventstream', () => {
  it.each([
    [
      'events and exceptions',
      [stop, exception],
      ['messageStop {"stopReason":"end_turn"}', 'exception:validationException {"message":"no"}'],
    ],
    [
      'messages that come together',
      [Buffer.concat([stop, stop])],
      ['messageStop {"stopReason":"end_turn"}', 'messageStop {"stopReason":"end_turn"}'],
    ],
    ['nothing', [], []],
    ['an answer that ends in a message, refused', [stop.subarray(0, -1)], 'eventstream.unterminated'],
    ['an answer that ends in a prelude, refused', [stop, stop.subarray(0, 3)], 'eventstream.unterminated'],
    [
      'a header more, refused',
      [sealMessage(headersOf({ ...EVENT, 'x-note': 'hidden' }))],
      'eventstream.headers',
    ],
    [
      'a header less, refused',
      [sealMessage(headersOf({ ...JSON_TYPE, ':message-type': 'event' }))],
      'eventstream.headers',
    ],
    [
      'a header twice, refused',
      [sealMessage(Buffer.concat([headersOf(EVENT), header(':event-type', 'metadata')]))],
      'eventstream.headers',
    ],
    ['headers cut off, refused', [sealMessage(headersOf(EVENT).subarray(0, -1))], 'eventstream.headers'],
    [
      'another content type, refused',
      [sealMessage(headersOf({ ...EVENT, ':content-type': 'text/plain' }))],
      'eventstream.headers',
    ],
    [
      'an error, whose text is in no payload, refused',
      [sealMessage(headersOf({ ':message-type': 'error', ':error-code': 'x', ':error-message': 'y' }))],
      'eventstream.headers',
    ],
    [
      'an exception that calls itself an event, refused',
      [sealMessage(headersOf({ ...EVENT, ':message-type': 'exception' }))],
      'eventstream.headers',
    ],
    [
      'an event that calls itself like an exception, refused',
      [sealMessage(headersOf({ ...EVENT, ':event-type': 'exception:x' }))],
      'eventstream.headers',
    ],
    [
      'more headers than any message has, refused',
      [sealMessage(Buffer.alloc(1_025))],
      'eventstream.headers_bytes',
    ],
    [
      'a longer message than any, refused',
      [sealMessage(headersOf(EVENT), Buffer.alloc(1_048_576))],
      'eventstream.message_bytes',
    ],
    ['headers longer than their message, refused', [withLengths(16, 1)], 'eventstream.length'],
  ])('reads %s', (_, chunks, expected) => {
    expect(read(...chunks)).toEqual(expected);
  });

  it.each([
    ['empty', 'eventstream.headers'],
    ['int32Header', 'eventstream.headers'],
    ['noHeaders', 'eventstream.headers'],
    ['stringHeader', 'eventstream.headers'],
    ['brokenHeaders', 'eventstream.checksum'],
    ['brokenHeaderLength', 'eventstream.prelude_checksum'],
    ['brokenLength', 'eventstream.prelude_checksum'],
    ['brokenPayload', 'eventstream.checksum'],
  ] as const)('takes the example %s of the protocol for %s', (name, code) => {
    expect(read(Buffer.from(VECTORS[name], 'hex'))).toBe(code);
  });

  it('refuses a message in which any one bit is another', () => {
    for (let bit = 0; bit < stop.length * 8; bit += 1) {
      const broken = Buffer.from(stop);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(read(broken)).toMatch(/^eventstream\.(prelude_)?checksum$/);
    }
  });
});

describe('the writer of an eventstream', () => {
  it('gives the bytes that the provider gives', () => {
    const written = writeFrames(FRAMINGS.eventstream, [
      { name: 'messageStop', data: Buffer.from('{"stopReason":"end_turn"}') },
      { name: 'exception:validationException', data: Buffer.from('{"message":"no"}') },
    ]);
    expect(written).toEqual([stop, exception]);
  });
});

function withLengths(total: number, headers: number): Buffer {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(total, 0);
  prelude.writeUInt32BE(headers, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  return prelude;
}
