// Refusals in; what Google's SDKs understand as an error, a refused answer, or the end of a stream, out.
import type { Usage } from '../../../exchange/index.ts';
import type { AnswerRefusal, Encoder, ErrorRefusal, StreamEvent, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { parseObject } from '../read/typed.ts';
import { listIndexes } from './candidates.ts';
import { findText } from './proto.ts';

export const encode: Encoder = {
  error: (refusal) => ({
    headers: { 'content-type': 'application/json' },
    body: json({ error: describeError(refusal) }),
  }),
  answer: ({ message, model, requestId, usage }: AnswerRefusal) =>
    json(refusalOf([0], message, { usage, identity: { modelVersion: model, responseId: requestId } })),
  openTail: () => new Tail(),
};

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** Names of google.rpc.Code. */
const STATUSES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const describeError = ({ status, code, message, requestId }: ErrorRefusal): object => ({
  code: status,
  message,
  status: STATUSES[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'),
  details: [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: code.toUpperCase(),
      domain: 'postern',
      metadata: { request_id: requestId },
    },
  ],
});

interface Told {
  readonly usage: Usage;
  readonly identity: object;
}

/** Not as feedback on the prompt: that says it was never answered, and SDKs then look at no candidate. */
const refusalOf = (indexes: readonly number[], message: string, { usage, identity }: Told): object => ({
  candidates: indexes.map((index) => ({
    index,
    content: { role: 'model', parts: [] },
    finishReason: 'PROHIBITED_CONTENT',
    finishMessage: message,
  })),
  usageMetadata: countsOf(usage),
  ...identity,
});

const countsOf = ({ inputTokens = 0, outputTokens = 0 }: Usage): object => ({
  promptTokenCount: inputTokens,
  candidatesTokenCount: outputTokens,
  totalTokenCount: inputTokens + outputTokens,
});

/** One last chunk, in which every candidate that was seen ends. */
class Tail implements StreamTail {
  readonly #seen = new Set<number>();
  #identity: object | null = null;

  released({ data }: StreamEvent): void {
    const parsed = parseObject(data);
    if (!parsed.ok) return;
    for (const index of listIndexes(parsed.value)) this.#seen.add(index);
    const [modelVersion, responseId] = [
      findText(parsed.value, 'modelVersion'),
      findText(parsed.value, 'responseId'),
    ];
    this.#identity ??= { modelVersion, responseId };
  }

  refuse(message: string, usage: Usage = {}): readonly Frame[] {
    const indexes = this.#seen.size === 0 ? [0] : [...this.#seen];
    const refusal = refusalOf(indexes, message, { usage, identity: this.#identity ?? {} });
    return [{ name: '', data: json(refusal) }];
  }
}
