// Refusals in; what Anthropic's SDKs understand as an error, a refused message, or the end of a stream, out.
import type { Usage } from '../../../exchange/index.ts';
import type { AnswerRefusal, Encoder, StreamEvent, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { findNumber } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const write = (type: string, fields: object): Frame => ({ name: type, data: json({ type, ...fields }) });

export const encode: Encoder = {
  error: ({ status, message, requestId }) => ({
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    body: json({ type: 'error', error: { type: errorType(status), message }, request_id: requestId }),
  }),
  answer: encodeAnswer,
  openTail: () => new Tail(),
  errorName: 'error',
  ping: write('ping', {}),
};

/** Never `overloaded_error`: SDKs and agents try again after it, and a policy would say the same again. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
};

const errorType = (status: number): string =>
  ERROR_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');

const refusalEnd = (message: string): object => ({
  stop_reason: 'refusal',
  stop_sequence: null,
  stop_details: { type: 'refusal', category: null, explanation: message },
});

const countsOf = ({ inputTokens = 0, outputTokens = 0 }: Usage): object => ({
  input_tokens: inputTokens,
  output_tokens: outputTokens,
});

/** The message is text as well: what people see is the first block, and clients that look at it find one. */
function encodeAnswer({ message, model, requestId, usage }: AnswerRefusal): Buffer {
  return json({
    id: `msg_${requestId}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: message }],
    ...refusalEnd(message),
    usage: countsOf(usage),
  });
}

/** A stream without a start, with an open block or without a stop is no message to any SDK. */
class Tail implements StreamTail {
  #hasStarted = false;
  readonly #open = new Set<number>();

  released({ name, data }: StreamEvent): void {
    if (name === 'message_start') this.#hasStarted = true;
    else if (name === 'content_block_start') this.#open.add(indexOf(data));
    else if (name === 'content_block_stop') this.#open.delete(indexOf(data));
  }

  refuse(message: string, usage: Usage = {}): readonly Frame[] {
    return [
      ...(this.#hasStarted ? [] : [startMessage(usage)]),
      ...[...this.#open].map((index) => write('content_block_stop', { index })),
      write('message_delta', {
        delta: refusalEnd(message),
        usage: { output_tokens: usage.outputTokens ?? 0 },
      }),
      write('message_stop', {}),
    ];
  }
}

function indexOf(data: Buffer): number {
  const parsed = parseObject(data);
  return (parsed.ok ? findNumber(parsed.value, 'index') : undefined) ?? 0;
}

const startMessage = (usage: Usage): Frame =>
  write('message_start', {
    message: {
      id: 'msg_refused',
      type: 'message',
      role: 'assistant',
      model: '',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: countsOf(usage),
    },
  });
