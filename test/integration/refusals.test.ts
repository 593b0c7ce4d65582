import { afterEach, describe, expect, it } from '@jest/globals';
import Anthropic, { BadRequestError as AnthropicBadRequest } from '@anthropic-ai/sdk';
import OpenAI, { BadRequestError as OpenAiBadRequest } from 'openai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { codecOf, encoderOf, FRAMINGS, type Codec } from '../../src/gate/decode/index.ts';
import { answerOf } from '../support/answers.ts';
import { decodeStream, writeEvents, writeStream, type GoldenEvent } from '../support/events.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

let hits = 0;

async function serve({
  status = 200,
  headers = { 'content-type': 'application/json' },
  body,
}: Reply): Promise<string> {
  hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    request.resume();
    response.writeHead(status, headers).end(body);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const openaiAt = (url: string): OpenAI => new OpenAI({ apiKey: 'placeholder', baseURL: `${url}/v1` });
const anthropicAt = (url: string): Anthropic => new Anthropic({ apiKey: 'placeholder', baseURL: url });

const CHAT = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
const MESSAGES = { ...CHAT, max_tokens: 9 };
const REFUSAL = { status: 400, code: 'content_filter', message: 'No secrets.', requestId: 'r-1' };
const ANSWER = {
  message: 'No secrets.',
  model: 'm',
  requestId: 'r-1',
  usage: { inputTokens: 3, outputTokens: 4 },
};
const SSE = { 'content-type': 'text/event-stream' };

/** What was released of a stream, a keep-alive, and then the end that a refusal makes of it. */
function cutStream(codec: Codec, released: readonly GoldenEvent[]): Reply {
  const tail = codec.encode.openTail();
  const { ping } = codec.encode;
  const alive = ping === undefined ? FRAMINGS.sse.keepAlive : writeEvents([ping]);
  const events = released.length === 0 ? [] : decodeStream(codec, writeStream(released));
  for (const event of events) tail.released(event);
  return {
    headers: SSE,
    body: Buffer.concat([writeEvents(events), alive, writeEvents(tail.refuse('No secrets.'))]),
  };
}

describe('a refusal through the OpenAI SDK', () => {
  const codec = codecOf({ dialect: 'openai-chat' });
  const chunk = (index: number, delta: object): GoldenEvent => ({
    data: {
      id: 'chatcmpl-7',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index, delta, finish_reason: null }],
    },
  });
  const spoken = (index: number): GoldenEvent => chunk(index, { role: 'assistant', content: '' });
  const finalOf = async (reply: Reply) =>
    openaiAt(await serve(reply))
      .chat.completions.stream(CHAT)
      .finalChatCompletion();

  it('of a request is a typed error, said once', async () => {
    const client = openaiAt(await serve({ status: 400, ...encoderOf('openai').error(REFUSAL) }));
    const error: unknown = await client.chat.completions.create(CHAT).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAiBadRequest);
    expect(error).toMatchObject({ code: 'content_filter', requestID: 'r-1', param: 'messages' });
    expect(hits).toBe(1);
  });

  it('of an answer is a completion that refuses', async () => {
    const client = openaiAt(await serve({ body: answerOf(codec, ANSWER) }));
    const { choices, usage } = await client.chat.completions.create(CHAT);
    expect(choices[0]).toMatchObject({
      finish_reason: 'content_filter',
      message: { role: 'assistant', content: null, refusal: 'No secrets.' },
    });
    expect(usage?.total_tokens).toBe(7);
  });

  it('of a stream that had not begun is a whole stream that refuses', async () => {
    expect((await finalOf(cutStream(codec, []))).choices).toMatchObject([
      { finish_reason: 'content_filter', message: { role: 'assistant', refusal: 'No secrets.' } },
    ]);
  });

  it('of a stream under way keeps what was said and ends it', async () => {
    const { id, choices } = await finalOf(cutStream(codec, [spoken(0), chunk(0, { content: 'Well, ' })]));
    expect(id).toBe('chatcmpl-7');
    expect(choices).toMatchObject([
      { finish_reason: 'content_filter', message: { content: 'Well, ', refusal: 'No secrets.' } },
    ]);
  });

  it('of a stream of two choices ends both, the one that had not spoken too', async () => {
    const reply = cutStream(codec, [spoken(0), chunk(1, { content: 'No role yet' })]);
    expect((await finalOf(reply)).choices).toMatchObject([
      { index: 0, finish_reason: 'content_filter', message: { role: 'assistant' } },
      { index: 1, finish_reason: 'content_filter', message: { role: 'assistant', content: 'No role yet' } },
    ]);
  });
});

describe('a refusal of completions through the OpenAI SDK', () => {
  const codec = codecOf({ dialect: 'openai-completions' });
  const PROMPT = { model: 'm', prompt: 'Hi' };
  const chunk = (index: number, text: string): GoldenEvent => ({
    data: {
      id: 'cmpl-7',
      object: 'text_completion',
      created: 1,
      model: 'm',
      choices: [{ index, text, logprobs: null, finish_reason: null }],
    },
  });

  async function choicesOf(reply: Reply): Promise<readonly object[]> {
    const said: object[] = [];
    const client = openaiAt(await serve(reply));
    for await (const { id, choices } of await client.completions.create({ ...PROMPT, stream: true }))
      for (const { index, text, finish_reason: finish } of choices) said.push({ id, index, text, finish });
    return said;
  }

  it('of a request is a typed error, said once', async () => {
    const client = openaiAt(await serve({ status: 400, ...codec.encode.error(REFUSAL) }));
    const error: unknown = await client.completions.create(PROMPT).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAiBadRequest);
    expect(error).toMatchObject({ code: 'content_filter', requestID: 'r-1', param: 'prompt' });
    expect(hits).toBe(1);
  });

  it('of an answer is a completion that says nothing', async () => {
    const client = openaiAt(await serve({ body: answerOf(codec, ANSWER) }));
    const { choices, usage } = await client.completions.create(PROMPT);
    expect(choices).toMatchObject([{ text: '', finish_reason: 'content_filter' }]);
    expect(usage?.total_tokens).toBe(7);
  });

  it('of a stream that had not begun is a whole stream', async () => {
    const finish = 'content_filter';
    expect(await choicesOf(cutStream(codec, []))).toEqual([
      { id: 'cmpl-refused', index: 0, text: '', finish },
    ]);
  });

  it('of a stream under way ends every choice that was seen', async () => {
    const reply = cutStream(codec, [chunk(0, 'Well, '), chunk(2, 'Once '), chunk(0, 'then ')]);
    expect((await choicesOf(reply)).slice(3)).toEqual([
      { id: 'cmpl-7', index: 0, text: '', finish: 'content_filter' },
      { id: 'cmpl-7', index: 2, text: '', finish: 'content_filter' },
    ]);
  });
});

describe('a refusal of responses through the OpenAI SDK', () => {
  const codec = codecOf({ dialect: 'openai-responses' });
  const RESPONSES = { model: 'm', input: 'Hi' };
  let sequence = 0;
  const event = (type: string, more: object): GoldenEvent => ({
    event: type,
    data: { type, sequence_number: sequence++, ...more },
  });
  const start = event('response.created', {
    response: {
      id: 'resp_7',
      object: 'response',
      created_at: 7,
      model: 'm',
      status: 'in_progress',
      output: [],
    },
  });
  const message = { type: 'message', id: 'msg_7', role: 'assistant', content: [] };
  const place = { item_id: 'msg_7', output_index: 0, content_index: 0 };
  const part = { type: 'output_text', text: '', annotations: [] };
  const begun = [
    start,
    event('response.output_item.added', { output_index: 0, item: message }),
    event('response.content_part.added', { ...place, part }),
    event('response.output_text.delta', { ...place, delta: 'Well, ' }),
  ];
  const finalOf = async (reply: Reply) =>
    openaiAt(await serve(reply))
      .responses.stream(RESPONSES)
      .finalResponse();

  /** Events as a loop over the stream sees them, with nothing that helps. */
  async function typesOf(reply: Reply): Promise<readonly { readonly type: string; readonly n: number }[]> {
    const client = openaiAt(await serve(reply));
    const types = [];
    for await (const { type, sequence_number: n } of await client.responses.create({
      ...RESPONSES,
      stream: true,
    }))
      types.push({ type, n });
    return types;
  }

  it('of a request is a typed error, said once', async () => {
    const client = openaiAt(await serve({ status: 400, ...codec.encode.error(REFUSAL) }));
    const error: unknown = await client.responses.create(RESPONSES).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAiBadRequest);
    expect(error).toMatchObject({ code: 'content_filter', requestID: 'r-1', param: 'input' });
    expect(hits).toBe(1);
  });

  it('of an answer is a response that refuses', async () => {
    const client = openaiAt(await serve({ body: answerOf(codec, ANSWER) }));
    expect(await client.responses.create(RESPONSES)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No secrets.' }] }],
      output_text: '',
      usage: { total_tokens: 7 },
    });
  });

  it('of a stream that had not begun is a whole stream that refuses', async () => {
    expect(await finalOf(cutStream(codec, []))).toMatchObject({
      status: 'incomplete',
      output: [{ content: [{ type: 'refusal', refusal: 'No secrets.' }] }],
    });
    expect(hits).toBe(1);
  });

  it('of a stream under way keeps what was said and ends it', async () => {
    expect(await finalOf(cutStream(codec, begun))).toMatchObject({
      id: 'resp_7',
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [
        { id: 'msg_7', status: 'incomplete', content: [{ type: 'output_text', text: 'Well, ' }] },
        { content: [{ type: 'refusal', refusal: 'No secrets.' }] },
      ],
    });
  });

  it('of a stream closes what is open, refuses in an item of its own, and counts on', async () => {
    const seen = await typesOf(cutStream(codec, begun));
    expect(seen.map(({ type }) => type.replace('response.', '')).slice(4)).toEqual([
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'refusal.delta',
      'refusal.done',
      'content_part.done',
      'output_item.done',
      'incomplete',
    ]);
    expect(seen.map(({ n }) => n)).toEqual(seen.map((_, index) => index));
  });

  it('of a stream between two items closes none twice', async () => {
    const said = { ...part, text: 'Well, ' };
    const reply = cutStream(codec, [
      ...begun,
      event('response.output_text.done', { ...place, text: 'Well, ' }),
      event('response.content_part.done', { ...place, part: said }),
      event('response.output_item.done', { output_index: 0, item: { ...message, content: [said] } }),
    ]);
    expect(reply.body.toString().match(/event: response.output_item.done/g)).toHaveLength(2);
    expect(await finalOf(reply)).toMatchObject({ output: [{ content: [said] }, {}] });
  });
});

describe('a refusal through the Anthropic SDK', () => {
  const codec = codecOf({ dialect: 'anthropic-messages' });
  const event = (type: string, more: object): GoldenEvent => ({ event: type, data: { type, ...more } });
  const start = event('message_start', {
    message: {
      id: 'msg_7',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      usage: { input_tokens: 3, output_tokens: 1 },
    },
  });
  const textStart = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  const text = event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Well, ' } });
  const finalOf = async (reply: Reply) =>
    anthropicAt(await serve(reply))
      .messages.stream(MESSAGES)
      .finalMessage();

  it('of a request is a typed error, said once', async () => {
    const client = anthropicAt(await serve({ status: 400, ...encoderOf('anthropic').error(REFUSAL) }));
    const error: unknown = await client.messages.create(MESSAGES).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AnthropicBadRequest);
    expect(error).toMatchObject({ requestID: 'r-1', error: { error: { type: 'invalid_request_error' } } });
    expect(hits).toBe(1);
  });

  it('of an answer is a message that refuses', async () => {
    const client = anthropicAt(await serve({ body: answerOf(codec, ANSWER) }));
    expect(await client.messages.create(MESSAGES)).toMatchObject({
      stop_reason: 'refusal',
      content: [{ type: 'text', text: 'No secrets.' }],
      usage: { input_tokens: 3, output_tokens: 4 },
    });
  });

  it('of a stream that had not begun is a whole stream that refuses', async () => {
    expect(await finalOf(cutStream(codec, []))).toMatchObject({ stop_reason: 'refusal', content: [] });
  });

  it('of a stream under way keeps what was said and ends it', async () => {
    expect(await finalOf(cutStream(codec, [start, textStart, text]))).toMatchObject({
      id: 'msg_7',
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', explanation: 'No secrets.' },
      content: [{ type: 'text', text: 'Well, ' }],
    });
  });

  it('of a stream between two blocks closes none twice', async () => {
    const reply = cutStream(codec, [start, textStart, text, event('content_block_stop', { index: 0 })]);
    expect(reply.body.toString().match(/event: content_block_stop/g)).toHaveLength(1);
    expect(await finalOf(reply)).toMatchObject({ stop_reason: 'refusal', content: [{ text: 'Well, ' }] });
  });
});
