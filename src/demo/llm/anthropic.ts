// A call of Anthropic's messages in; the reply as Anthropic gives it, whole or as a stream of named events, out.
import type { OutgoingHttpHeaders } from 'node:http';
import { promptText, readMessages, type MessagesRequest } from './anthropic-request.ts';
import { answer, type Answer } from './model.ts';
import { countTokens, createId, parseBody, splitText, type Call, type Reply } from './reply.ts';

export function answerMessages(call: Call): Reply {
  const fault = findFault(call, ['model', 'max_tokens', 'messages']);
  if (fault !== null) return refuse(call, fault);
  const request = parseBody(call.body) as MessagesRequest;
  const said = answer(readMessages(request, call.serial));
  const exchange: Exchange = { call, request, said, blocks: blocksOf(call, said) };
  return request.stream === true
    ? {
        kind: 'stream',
        headers: { ...headersOf(call), 'content-type': 'text/event-stream; charset=utf-8' },
        frames: framesOf(exchange),
      }
    : { kind: 'json', status: 200, headers: headersOf(call), body: messageOf(exchange) };
}

export function answerMessageCount(call: Call): Reply {
  const fault = findFault(call, ['model', 'messages']);
  if (fault !== null) return refuse(call, fault);
  const request = parseBody(call.body) as MessagesRequest;
  const body = { input_tokens: countTokens(promptText(request)) };
  return { kind: 'json', status: 200, headers: headersOf(call), body };
}

/** On Google's host the path names the model, or that tokens are to be counted, and the body the version. */
export function answerPrediction(call: Call): Reply {
  const { anthropic_version: version, ...request } = parseBody(call.body) as { anthropic_version?: string };
  const isCount = call.model === 'count-tokens';
  const body = Buffer.from(JSON.stringify(isCount ? request : { model: call.model, ...request }));
  const told = { ...call, body, headers: { ...call.headers, 'anthropic-version': version } };
  return isCount ? answerMessageCount(told) : answerMessages(told);
}

interface Exchange {
  readonly call: Call;
  readonly request: MessagesRequest;
  readonly said: Answer;
  readonly blocks: readonly Block[];
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object };

const headersOf = ({ serial }: Call): OutgoingHttpHeaders => ({
  'request-id': createId('req_01', serial),
  'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
  'anthropic-ratelimit-requests-limit': '10000',
  'anthropic-ratelimit-requests-remaining': '9999',
  'cache-control': 'no-cache',
});

interface Fault {
  readonly status: 400 | 401;
  readonly message: string;
}

function findFault({ headers, body }: Call, required: readonly (keyof MessagesRequest)[]): Fault | null {
  if (headers['x-api-key'] === undefined && headers.authorization === undefined) {
    return { status: 401, message: 'x-api-key header is required' };
  }
  if (headers['anthropic-version'] === undefined) {
    return { status: 400, message: 'anthropic-version: header is required' };
  }
  const request = parseBody(body) as Partial<MessagesRequest> | null | undefined;
  if (typeof request !== 'object' || request === null) {
    return { status: 400, message: 'The request body is not valid JSON' };
  }
  const missing = required.find((name) => request[name] === undefined);
  return missing === undefined ? null : { status: 400, message: `${missing}: Field required` };
}

const refuse = (call: Call, { status, message }: Fault): Reply => ({
  kind: 'json',
  status,
  headers: headersOf(call),
  body: anthropicError(
    status === 401 ? 'authentication_error' : 'invalid_request_error',
    message,
    call.serial,
  ),
});

export const anthropicError = (type: string, message: string, serial: number): object => ({
  type: 'error',
  error: { type, message },
  request_id: createId('req_01', serial),
});

function blocksOf({ serial }: Call, { text, calls }: Answer): Block[] {
  const tools = calls.map(({ name, arguments: input }, index): Block => ({
    type: 'tool_use',
    id: createId('toolu_01', serial * 100 + index),
    name,
    input,
  }));
  return text === '' && tools.length > 0 ? tools : [{ type: 'text', text }, ...tools];
}

const messageOf = (exchange: Exchange): object => ({
  ...identityOf(exchange),
  content: exchange.blocks,
  stop_reason: stopOf(exchange),
  stop_sequence: null,
  usage: { ...inputUsageOf(exchange), output_tokens: outputTokensOf(exchange) },
});

const identityOf = ({ call, request }: Exchange): object => ({
  id: createId('msg_01', call.serial),
  type: 'message',
  role: 'assistant',
  model: request.model,
});

const stopOf = ({ said }: Exchange): string => (said.calls.length > 0 ? 'tool_use' : 'end_turn');

const inputUsageOf = ({ request }: Exchange): object => ({
  input_tokens: countTokens(promptText(request)),
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  service_tier: 'standard',
});

const outputTokensOf = ({ said }: Exchange): number =>
  countTokens(said.text + said.calls.map((call) => JSON.stringify(call.arguments)).join(''));

const frame = (type: string, event: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...event })}\n\n`;

function framesOf(exchange: Exchange): string[] {
  const start = {
    ...identityOf(exchange),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...inputUsageOf(exchange), output_tokens: 1 },
  };
  return [
    frame('message_start', { message: start }),
    ...exchange.blocks.flatMap((block, index) => blockFrames(exchange, block, index)),
    frame('message_delta', {
      delta: { stop_reason: stopOf(exchange), stop_sequence: null },
      usage: { output_tokens: outputTokensOf(exchange) },
    }),
    frame('message_stop', {}),
  ];
}

/** A ping follows the start of the first block, as it does on the wire. */
function blockFrames({ call }: Exchange, block: Block, index: number): string[] {
  const empty = block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} };
  const deltas = deltasOf(block, call.chunkCharacters);
  return [
    frame('content_block_start', { index, content_block: empty }),
    ...(index === 0 ? [frame('ping', {})] : []),
    ...deltas.map((delta) => frame('content_block_delta', { index, delta })),
    frame('content_block_stop', { index }),
  ];
}

function deltasOf(block: Block, size: number): object[] {
  if (block.type === 'text') return splitText(block.text, size).map((text) => ({ type: 'text_delta', text }));
  return ['', ...splitText(JSON.stringify(block.input), size)].map((piece) => ({
    type: 'input_json_delta',
    partial_json: piece,
  }));
}
