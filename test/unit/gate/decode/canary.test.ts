import { describe, expect, it } from '@jest/globals';
import {
  codecOf,
  FRAMINGS,
  OPERATIONS,
  type Codec,
  type StreamEvent,
} from '../../../../src/gate/decode/index.ts';
import { decodeStream, writeStream, type GoldenEvent } from '../../../support/events.ts';
import { CANARY, plant } from '../../../support/canary.ts';
import { askedOf, listGoldens, readGolden } from '../../../support/golden.ts';

const hides = (texts: readonly string[]): boolean => !texts.some((text) => text.includes(CANARY));

const goldenOf = (dialect: string, name: string): unknown =>
  JSON.parse(readGolden(`decode/${dialect}/${name}/input.json`).toString());

const STREAMING = [
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'anthropic-messages',
  'gemini',
  'mistral-chat',
  'mistral-fim',
  'ollama-chat',
  'ollama-generate',
  'bedrock-converse',
  'bedrock-messages',
  'mcp',
] as const;

const DIALECTS = [...new Set(OPERATIONS.map(({ operation }) => operation.dialect))];

const WHOLE = DIALECTS.flatMap((dialect) =>
  listGoldens(`decode/${dialect}`)
    .filter((name) => !name.startsWith('stream'))
    .map((name) => ({ dialect, name })),
);

describe('a canary', () => {
  it.each(WHOLE)('is found in every string and key: $dialect $name', ({ dialect, name }) => {
    const codec: Codec = codecOf({ dialect });
    const asked = askedOf(`decode/${dialect}/${name}`);
    const decode = (body: Buffer) =>
      name.startsWith('request') ? codec.decodeRequest(body, asked) : codec.decodeResponse(body);
    let planted = 0;
    const hidden: string[] = [];
    for (const { path, document } of plant(goldenOf(dialect, name))) {
      const decoded = decode(Buffer.from(JSON.stringify(document)));
      planted += 1;
      // A field whose type decides something is refused instead.
      if (decoded.ok && hides(decoded.value.parts.map(({ text }) => text))) hidden.push(path);
    }
    expect(hidden).toEqual([]);
    expect(planted).toBeGreaterThan(1);
  });
});

describe.each(STREAMING)('a canary in streams of %s', (dialect) => {
  const codec: Codec = codecOf({ dialect });

  it('is found in every string and key of a full stream', () => {
    const events = goldenOf(dialect, 'stream') as GoldenEvent[];
    const hidden: string[] = [];
    let planted = 0;
    for (const [index, { event, data }] of events.entries()) {
      for (const { path, document } of plant(data)) {
        const named = event === undefined ? { data: document } : { event, data: document };
        const decoder = codec.openStream(FRAMINGS.sse);
        const decoded = decoder.push(writeStream(events.with(index, named)));
        planted += 1;
        if (decoded.ok && hides(textsOf(decoded.value))) hidden.push(path);
      }
    }
    expect(hidden).toEqual([]);
    expect(planted).toBeGreaterThan(20);
  });

  it('is found when it is cut in two between events', () => {
    const [first, second] = [CANARY.slice(0, 5), CANARY.slice(5)];
    const text = textsOf(decodeStream(codec, writeStream(cut(dialect, first, second))));
    expect(hides(text)).toBe(false);
  });
});

/** The texts of lanes, each joined as a client would join it. */
function textsOf(events: readonly StreamEvent[]): string[] {
  const lanes = new Map<string, string>();
  for (const { lane, text } of events.flatMap(({ deltas }) => deltas))
    lanes.set(lane, (lanes.get(lane) ?? '') + text);
  return [...lanes.values()];
}

function cut(dialect: string, ...pieces: string[]): GoldenEvent[] {
  const [first, second] = [
    JSON.stringify({ a: pieces.join('') }).slice(0, 9),
    JSON.stringify({ a: pieces.join('') }).slice(9),
  ];
  if (dialect === 'openai-chat' || dialect.startsWith('mistral')) {
    const call = (fragment: string) => ({ tool_calls: [{ index: 0, function: { arguments: fragment } }] });
    const chunk = (delta: object, finish_reason: string | null) => ({
      data: { choices: [{ index: 0, delta, finish_reason }] },
    });
    return [chunk(call(first), null), chunk(call(second), null), chunk({}, 'tool_calls')];
  }
  if (dialect === 'openai-completions')
    return pieces.map((text) => ({ data: { choices: [{ index: 0, text }] } }));
  // A message comes whole.
  if (dialect === 'mcp')
    return [{ data: { result: { content: [{ type: 'text', text: pieces.join('') }] } } }];
  if (dialect === 'ollama-chat') return pieces.map((content) => ({ data: { message: { content } } }));
  if (dialect === 'ollama-generate') return pieces.map((response) => ({ data: { response } }));
  if (dialect === 'gemini')
    return pieces.map((text) => ({ data: { candidates: [{ content: { parts: [{ text }] } }] } }));
  if (dialect === 'bedrock-converse') {
    const block = (event: string, more: object) => ({
      event: `contentBlock${event}`,
      data: { contentBlockIndex: 0, ...more },
    });
    return [
      block('Start', { start: { toolUse: { toolUseId: 'tooluse_1', name: 'f' } } }),
      block('Delta', { delta: { toolUse: { input: first } } }),
      block('Delta', { delta: { toolUse: { input: second } } }),
      block('Stop', {}),
    ];
  }
  const event = (type: string, more: object) => ({ event: type, data: { type, index: 0, ...more } });
  if (dialect === 'openai-responses') {
    const called = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '' };
    return [
      event('response.output_item.added', { item: called }),
      event('response.function_call_arguments.delta', { delta: first }),
      event('response.function_call_arguments.delta', { delta: second }),
      event('response.output_item.done', { item: { ...called, arguments: `${first}${second}` } }),
    ];
  }
  const delta = (partial_json: string) =>
    event('content_block_delta', { delta: { type: 'input_json_delta', partial_json } });
  return [
    event('content_block_start', {
      content_block: { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
    }),
    delta(first),
    delta(second),
    event('content_block_stop', {}),
  ];
}
