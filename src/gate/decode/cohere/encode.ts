// Refusals in; what Cohere's SDKs understand as an error, a refused answer, or the end of a stream, out.
import type { Usage } from '../../../exchange/index.ts';
import type { Encoder, StreamEvent, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { findNumber } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const write = (type: string, fields: object): Frame => ({ name: type, data: json({ type, ...fields }) });

/** Of the reasons that there are, the one that nobody takes for a whole answer. */
const REFUSED = 'ERROR';

const usageOf = ({ inputTokens = 0, outputTokens = 0 }: Usage): object => ({
  tokens: { input_tokens: inputTokens, output_tokens: outputTokens },
});

export const encode: Encoder = {
  error: ({ message, requestId }) => ({
    headers: { 'content-type': 'application/json' },
    body: json({ id: requestId, message }),
  }),
  answer: ({ message, requestId, usage }) =>
    json({
      id: requestId,
      finish_reason: REFUSED,
      message: { role: 'assistant', content: [{ type: 'text', text: message }] },
      usage: usageOf(usage),
    }),
  openTail: () => new Tail(),
};

/** Contents have a start and an end; there is no field for a refusal, so its message is a content of its own. */
class Tail implements StreamTail {
  #hasStarted = false;
  #next = 0;
  readonly #open = new Set<number>();

  released({ name, data }: StreamEvent): void {
    this.#hasStarted ||= name === 'message-start';
    if (!name.startsWith('content-')) return;
    const parsed = parseObject(data);
    const index = (parsed.ok ? findNumber(parsed.value, 'index') : undefined) ?? 0;
    this.#next = Math.max(this.#next, index + 1);
    if (name === 'content-end') this.#open.delete(index);
    else this.#open.add(index);
  }

  refuse(message: string, usage: Usage = {}): readonly Frame[] {
    const start = { id: 'refused', delta: { message: { role: 'assistant' } } };
    return [
      ...(this.#hasStarted ? [] : [write('message-start', start)]),
      ...[...this.#open].map((index) => write('content-end', { index })),
      ...say(message, this.#next),
      write('message-end', { delta: { finish_reason: REFUSED, usage: usageOf(usage) } }),
    ];
  }
}

const say = (text: string, index: number): readonly Frame[] => [
  write('content-start', { index, delta: { message: { content: { type: 'text', text: '' } } } }),
  write('content-delta', { index, delta: { message: { content: { text } } } }),
  write('content-end', { index }),
];
