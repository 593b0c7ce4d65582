import { describe, expect, it } from '@jest/globals';
import { codecOf, FRAMINGS, type Codec } from '../../../../src/gate/decode/index.ts';
import { decodeStream, writeStream, type GoldenEvent } from '../../../support/events.ts';

const openai = codecOf({ dialect: 'openai-chat' });
const responses = codecOf({ dialect: 'openai-responses' });
const anthropic = codecOf({ dialect: 'anthropic-messages' });

const faultOf = (codec: Codec, events: readonly GoldenEvent[]): unknown => {
  const decoder = codec.openStream(FRAMINGS.sse);
  const pushed = decoder.push(writeStream(events));
  if (!pushed.ok) return pushed.error.code;
  const ended = decoder.end();
  return ended.ok ? null : ended.error.code;
};

const chunk = (delta: object, finish: string | null = null, index = 0): GoldenEvent => ({
  data: { model: 'gpt-4o', choices: [{ index, delta, finish_reason: finish }] },
});
const call = (name: string | undefined, fragment: string): object => ({
  tool_calls: [{ index: 0, function: { name, arguments: fragment } }],
});
const event = (type: string, more: object = {}): GoldenEvent => ({ event: type, data: { type, ...more } });

describe('a streaming answer', () => {
  it('is refused when it ends in the middle of a tool call', () => {
    expect(faultOf(openai, [chunk(call('f', '{"a":'))])).toBe('stream.truncated');
    expect(faultOf(openai, [chunk(call('f', '{"a":')), chunk({}, 'tool_calls')])).toBeNull();
    expect(faultOf(openai, [chunk(call('f', '{"a":')), { data: '[DONE]' }])).toBeNull();
  });

  it('is refused when a tool call changes its name', () => {
    expect(faultOf(openai, [chunk(call('read', '')), chunk(call('delete', '{}'))])).toBe('stream.tool_name');
    expect(
      faultOf(openai, [chunk(call('f', '')), chunk(call('', '{}')), chunk(call('f', '')), chunk({}, 'stop')]),
    ).toBeNull();
  });

  it('is refused when its tool calls are more than a mebibyte', () => {
    const big = chunk(call('f', 'x'.repeat(600_000)));
    expect(faultOf(openai, [big, big])).toBe('stream.arguments_bytes');
  });

  it('is refused when event and type differ, or a name stands where the dialect has none', () => {
    expect(faultOf(anthropic, [{ event: 'ping', data: { type: 'message_stop' } }])).toBe('stream.event_type');
    expect(faultOf(anthropic, [{ data: { type: 'ping' } }])).toBe('stream.event_type');
    expect(faultOf(openai, [{ event: 'thread.message', data: { choices: [] } }])).toBe('stream.event_name');
  });

  it('is refused when a payload is not strict JSON', () => {
    expect(faultOf(openai, [{ data: '{"choices":[],"choices":[]}' }])).toBe('json.duplicate_key');
    expect(faultOf(openai, [{ data: 'not json' }])).toBe('json.syntax');
  });

  it('says again what every event repeats, so that it can be masked in each', () => {
    const bytes = writeStream([chunk({ content: 'a' }), chunk({ content: 'b' })]);
    const said = decodeStream(openai, bytes).map(({ deltas }) =>
      deltas.filter(({ lane }) => lane === 'metadata'),
    );
    expect(said.map((deltas) => deltas.map(({ text }) => text))).toEqual([['gpt-4o'], ['gpt-4o']]);
  });

  it('closes the lanes of a choice with its finish, and all lanes with the last event', () => {
    const closes = decodeStream(
      openai,
      writeStream([
        chunk({ content: 'a' }),
        chunk({ content: 'b' }, null, 1),
        chunk({ refusal: 'c' }, 'stop'),
        { data: '[DONE]' },
      ]),
    ).map((each) => each.closes);
    expect(closes).toEqual([[], [], ['0.0.text', '0.0.refusal'], ['metadata', '1.0.text']]);
  });

  it('holds the call back until it is whole, and then gives its arguments', () => {
    const events = decodeStream(
      openai,
      writeStream([
        chunk(call('f', '{"a":"b')),
        chunk(call(undefined, '\\u0041"}')),
        chunk({}, 'tool_calls'),
      ]),
    );
    const told = events.map(({ role, deltas }) => [role, deltas.filter(({ kind }) => kind === 'tool_call')]);
    expect(told).toMatchObject([
      ['content', [{ name: 'f', text: '' }]],
      ['content', [{ text: '' }]],
      ['terminal', [{ name: 'f', text: 'a\nbA', arguments: { a: 'bA' } }]],
    ]);
  });

  it('says where its texts stood before when it repeats them, and is refused when it says them otherwise', () => {
    const said = (delta: string): GoldenEvent => event('response.output_text.delta', { delta });
    const done = (text: string): GoldenEvent => event('response.output_text.done', { text });
    const told = decodeStream(
      responses,
      writeStream([said('Hello, '), said('world.'), done('Hello, world.')]),
    );
    expect(told.map(({ deltas }) => deltas[0]?.again)).toEqual([undefined, undefined, 0]);
    expect(told.at(-1)?.closes).toEqual(['0.0.text']);
    expect(faultOf(responses, [said('Hello.'), done('Hello!')])).toBe('stream.said_otherwise');
    expect(faultOf(responses, [said('Hello.'), done('Hello')])).toBe('stream.said_otherwise');
    expect(faultOf(responses, [done('Hello.'), done('Hello.')])).toBeNull();
  });

  it('is refused when it tells a call otherwise than before', () => {
    const item = (name: string, args: string): object => ({
      item: { type: 'function_call', name, arguments: args },
    });
    const begun = event('response.output_item.added', item('f', ''));
    const fragment = event('response.function_call_arguments.delta', { delta: '{"a":1}' });
    const end = (name: string, args: string): GoldenEvent =>
      event('response.output_item.done', item(name, args));
    const last = (name: string, args: string): GoldenEvent =>
      event('response.completed', {
        response: { output: [{ type: 'function_call', name, arguments: args }] },
      });
    const same = [begun, fragment, end('f', '{"a":1}')];
    expect(faultOf(responses, [...same, last('f', '{"a":1}')])).toBeNull();
    expect(faultOf(responses, [begun, end('f', '{"a":1}')])).toBeNull();
    expect(faultOf(responses, [...same, last('f', '{"a":2}')])).toBe('stream.said_otherwise');
    expect(faultOf(responses, [...same, last('g', '{"a":1}')])).toBe('stream.said_otherwise');
    expect(faultOf(responses, [begun, fragment, end('f', '{}')])).toBe('stream.said_otherwise');
    expect(faultOf(responses, [begun, fragment, end('g', '{"a":1}')])).toBe('stream.tool_name');
    expect(faultOf(responses, [begun, fragment])).toBe('stream.truncated');
  });

  it('tells what is content, what is about it, and what ends it', () => {
    const roles = decodeStream(
      anthropic,
      writeStream([
        event('message_start', { message: { role: 'assistant', model: 'claude', content: [] } }),
        event('ping'),
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
        event('content_block_stop', { index: 0 }),
        event('news', { text: 'unheard of' }),
        event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }),
        event('message_stop'),
      ]),
    ).map(({ role }) => role);
    expect(roles).toEqual(['meta', 'meta', 'meta', 'content', 'meta', 'content', 'terminal', 'terminal']);
  });
});
