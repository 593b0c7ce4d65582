import { describe, expect, it } from '@jest/globals';
import { FRAMINGS } from '../../../../../src/gate/decode/index.ts';

const decode = (...chunks: (string | Buffer)[]): unknown => {
  const decoder = FRAMINGS.sse.openReader();
  const events: unknown[] = [];
  for (const chunk of chunks) {
    const pushed = decoder.push(Buffer.from(chunk));
    if (!pushed.ok) return pushed.error.code;
    events.push(...pushed.value.map(({ name, data }) => [name, data.toString()]));
  }
  const ended = decoder.end();
  if (!ended.ok) return [...events, ended.error.code];
  return [...events, ...ended.value.map(({ name, data }) => [name, data.toString()])];
};

describe('the decoder of event streams', () => {
  it.each([
    [
      'named and unnamed events',
      'event: a\ndata: 1\n\ndata: 2\n\n',
      [
        ['a', '1'],
        ['', '2'],
      ],
    ],
    [
      'CR as line end',
      'data: 1\r\rdata: 2\r\r',
      [
        ['', '1'],
        ['', '2'],
      ],
    ],
    [
      'CRLF as line end',
      'data: 1\r\n\r\ndata: 2\r\n\r\n',
      [
        ['', '1'],
        ['', '2'],
      ],
    ],
    [
      'line ends mixed',
      'event: a\rdata: 1\n\r\ndata: 2\r\n\n',
      [
        ['a', '1'],
        ['', '2'],
      ],
    ],
    ['a byte order mark', '\ufeffdata: 1\n\n', [['', '1']]],
    ['many lines of data', 'data: 1\ndata\ndata:2\n\n', [['', '1\n\n2']]],
    ['one space after the colon dropped, others kept', 'data:  1\n\n', [['', ' 1']]],
    ['comments, id, retry and unknown fields', ': hi\nid: 7\nretry: 1\nother: x\ndata: 1\n\n', [['', '1']]],
    ['a name with no data', 'event: a\n\ndata: 1\n\n', [['', '1']]],
    ['data that is empty', 'data\n\n', [['', '']]],
    ['field names in another case', 'DATA: 1\nData: 2\n data: 3\n\n', []],
    ['a second byte order mark', 'data: 1\n\n\ufeffdata: 2\n\n', [['', '1']]],
  ])('reads %s', (_, stream, events) => {
    expect(decode(stream)).toEqual(events);
  });

  it.each([
    'data: 1\n\nevent: a\ndata: 2\n',
    'data: 1\n\nevent: a\ndata: 2',
    'data: 1\n\nevent: a\r\ndata: 2\r',
  ])('takes a last event that lacks but its end: %j', (stream) => {
    expect(decode(stream)).toEqual([
      ['', '1'],
      ['a', '2'],
    ]);
  });

  it('takes a last comment, or a last name, for no event', () => {
    expect(decode('data: 1\n\n: bye')).toEqual([['', '1']]);
    expect(decode('data: 1\n\nevent: bye')).toEqual([['', '1']]);
  });

  it('takes a LF after a CR for the same line end, though they come in two chunks', () => {
    expect(decode('data: 1\r', '\n\r', '\ndata: 2\r', '\n\r')).toEqual([
      ['', '1'],
      ['', '2'],
    ]);
  });

  it('refuses an event of more than a mebibyte, however it is cut', () => {
    const line = `data: ${'x'.repeat(1_048_570)}`;
    expect(decode(`${line}\n\n`)).toEqual([['', line.slice(6)]]);
    expect(decode(`${line}x\n\n`)).toBe('sse.event_bytes');
    expect(decode(`${line}x`)).toBe('sse.event_bytes');
    expect(decode(...Array.from({ length: 20 }, () => `data: ${'x'.repeat(65_536)}\n`))).toBe(
      'sse.event_bytes',
    );
  });

  it('counts no comments: a stream may be kept alive for long', () => {
    expect(decode(...Array.from({ length: 20 }, () => `: ${'x'.repeat(65_536)}\n`))).toEqual([]);
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(decode(Buffer.from([0x64, 0x3a, 0xff, 0x0a]))).toBe('sse.utf8');
  });
});

describe('the writer of event streams', () => {
  it.each([
    ['', '1', 'data: 1\n\n'],
    ['ping', '{}', 'event: ping\ndata: {}\n\n'],
    ['', '1\n\n2', 'data: 1\ndata: \ndata: 2\n\n'],
  ])('writes %j with %j', (name, data, bytes) => {
    const writer = FRAMINGS.sse.openWriter();
    expect(writer.write({ name, data: Buffer.from(data) }).toString()).toBe(bytes);
    expect(writer.end()).toHaveLength(0);
  });
});
