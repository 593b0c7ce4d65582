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
  'cohere-chat',
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

/** An event that speaks a text, per dialect that speaks in events of one piece each. */
const SAID: Readonly<Record<string, (text: string) => GoldenEvent>> = {
  'openai-completions': (text) => ({ data: { choices: [{ index: 0, text }] } }),
  'ollama-chat': (content) => ({ data: { message: { content } } }),
  'ollama-generate': (response) => ({ data: { response } }),
  gemini: (text) => ({ data: { candidates: [{ content: { parts: [{ text }] } }] } }),
  'cohere-chat': (text) => ({
    event: 'content-delta',
    data: { type: 'content-delta', index: 0, delta: { message: { content: { text } } } },
  }),
};

/** A call of a tool whose arguments come in two pieces. */
const CALLED: Readonly<Record<string, (first: string, second: string) => GoldenEvent[]>> = {
  openai: (first, second) => {
    const call = (fragment: string) => ({ tool_calls: [{ index: 0, function: { arguments: fragment } }] });
    const chunk = (delta: object, finish_reason: string | null) => ({
      data: { choices: [{ index: 0, delta, finish_reason }] },
    });
    return [chunk(call(first), null), chunk(call(second), null), chunk({}, 'tool_calls')];
  },
  'bedrock-converse': (first, second) => {
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
  },
  'openai-responses': (first, second) => {
    const called = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '' };
    return [
      event('response.output_item.added', { item: called }),
      event('response.function_call_arguments.delta', { delta: first }),
      event('response.function_call_arguments.delta', { delta: second }),
      event('response.output_item.done', { item: { ...called, arguments: `${first}${second}` } }),
    ];
  },
  anthropic: (first, second) => {
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
  },
};

const SPEAKS_AS: Readonly<Record<string, string>> = {
  'openai-chat': 'openai',
  'mistral-chat': 'openai',
  'mistral-fim': 'openai',
  'anthropic-messages': 'anthropic',
  'bedrock-messages': 'anthropic',
};

const event = (type: string, more: object): GoldenEvent => ({
  event: type,
  data: { type, index: 0, ...more },
});

function cut(dialect: string, ...pieces: [string, string]): GoldenEvent[] {
  // A message comes whole.
  if (dialect === 'mcp')
    return [{ data: { result: { content: [{ type: 'text', text: pieces.join('') }] } } }];
  const say = SAID[dialect];
  if (say !== undefined) return pieces.map(say);
  const json = JSON.stringify({ a: pieces.join('') });
  const call = CALLED[SPEAKS_AS[dialect] ?? dialect];
  if (call === undefined) throw new Error(`nobody knows how ${dialect} speaks in pieces`);
  return call(json.slice(0, 9), json.slice(9));
}
