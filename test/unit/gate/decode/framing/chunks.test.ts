import { describe, expect, it } from '@jest/globals';
import { eventMessage } from '../../../../../src/demo/llm/index.ts';
import { FRAMINGS, writeFrames } from '../../../../../src/gate/decode/index.ts';

const { chunks } = FRAMINGS;
const EVENT = '{"type":"ping"}';
const bytesOf = (text: string): string => Buffer.from(text).toString('base64');
const chunk = (payload: object, name = 'chunk'): Buffer => eventMessage(name, JSON.stringify(payload));

const read = (bytes: Buffer) => chunks.openReader().push(bytes);

describe('chunks of an AWS event stream', () => {
  it('hold events, named by what they say that they are', () => {
    expect(read(chunk({ bytes: bytesOf(EVENT), p: 'abc' }))).toEqual({
      ok: true,
      value: [{ name: 'ping', data: Buffer.from(EVENT) }],
    });
    expect(read(chunk({ bytes: bytesOf('{}') }))).toMatchObject({ value: [{ name: '' }] });
  });

  it.each([
    ['another event', chunk({ bytes: bytesOf(EVENT) }, 'metadata'), 'chunks.event'],
    ['a field beside them', chunk({ bytes: bytesOf(EVENT), p: 'a', note: 'b' }), 'chunks.fields'],
    ['another field', chunk({ bytes: bytesOf(EVENT), note: 'b' }), 'chunks.fields'],
    ['no bytes', chunk({ p: 'a' }), 'chunks.fields'],
    ['padding that says something', chunk({ bytes: bytesOf(EVENT), p: 'a b' }), 'chunks.fields'],
    ['bytes that are no base64', chunk({ bytes: 'a' }), 'chunks.fields'],
    ['base64 of another alphabet', chunk({ bytes: '__8=' }), 'chunks.fields'],
    ['bytes that are a list', chunk({ bytes: [1] }), 'chunks.fields'],
    ['an event that is no JSON', chunk({ bytes: bytesOf('{') }), 'json.value'],
  ])('are refused with %s', (_, bytes, code) => {
    const outcome = read(bytes);
    expect(outcome.ok ? null : outcome.error.code).toMatch(code === 'json.value' ? /^json\./ : code);
  });

  it('are written as they are read, and exceptions as what they are', () => {
    const frames = [
      { name: 'ping', data: Buffer.from(EVENT) },
      { name: 'exception:internalServerException', data: Buffer.from('{"message":"m"}') },
    ];
    const written = Buffer.concat(writeFrames(chunks, frames));
    expect(read(written)).toEqual({ ok: true, value: frames });
    expect(written.toString('latin1')).toContain(':exception-type');
    for (let at = 0; at < written.length; at += 1) {
      const reader = chunks.openReader();
      const [first, second] = [reader.push(written.subarray(0, at)), reader.push(written.subarray(at))];
      expect([...(first.ok ? first.value : []), ...(second.ok ? second.value : [])]).toEqual(frames);
    }
  });
});
