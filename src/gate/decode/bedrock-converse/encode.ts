// Refusals in; what AWS's SDKs understand as an exception, a refused answer, or the end of a stream, out.
import type { Usage } from '../../../exchange/index.ts';
import { error, errorName } from '../bedrock/error.ts';
import type { AnswerRefusal, Encoder, StreamEvent, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { findNumber } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

export const encode: Encoder = { error, answer: encodeAnswer, openTail: () => new Tail(), errorName };

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const write = (name: string, fields: object): Frame => ({ name, data: json(fields) });

const REFUSED = { stopReason: 'guardrail_intervened' } as const;

const accountOf = ({ inputTokens = 0, outputTokens = 0 }: Usage): object => ({
  usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
  metrics: { latencyMs: 0 },
});

/** As the provider's own guardrail answers: its words stand where the model's would. */
function encodeAnswer({ message, usage }: AnswerRefusal): Buffer {
  const content = [{ text: message }];
  return json({ output: { message: { role: 'assistant', content } }, ...REFUSED, ...accountOf(usage) });
}

/** Blocks of text have no start: the first of their deltas opens them. */
const OPENING = new Set(['contentBlockStart', 'contentBlockDelta']);

/** A stream without a stop is a whole one to SDKs, so it always gets one. */
class Tail implements StreamTail {
  #hasStarted = false;
  readonly #open = new Set<number>();
  #next = 0;

  released({ name, data }: StreamEvent): void {
    if (name === 'messageStart') this.#hasStarted = true;
    else if (OPENING.has(name)) this.#noteOpen(indexOf(data));
    else if (name === 'contentBlockStop') this.#open.delete(indexOf(data));
  }

  refuse(message: string, usage: Usage = {}): readonly Frame[] {
    const own = { contentBlockIndex: this.#next };
    return [
      ...(this.#hasStarted ? [] : [write('messageStart', { role: 'assistant' })]),
      ...[...this.#open].map((contentBlockIndex) => write('contentBlockStop', { contentBlockIndex })),
      write('contentBlockDelta', { ...own, delta: { text: message } }),
      write('contentBlockStop', own),
      write('messageStop', REFUSED),
      write('metadata', accountOf(usage)),
    ];
  }

  #noteOpen(index: number): void {
    this.#open.add(index);
    this.#next = Math.max(this.#next, index + 1);
  }
}

function indexOf(data: Buffer): number {
  const parsed = parseObject(data);
  return (parsed.ok ? findNumber(parsed.value, 'contentBlockIndex') : undefined) ?? 0;
}
