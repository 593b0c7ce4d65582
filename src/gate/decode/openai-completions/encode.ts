// Refusals in; what OpenAI's SDKs understand as an error, a refused completion, or the end of a stream, out.
import type { AnswerRefusal, Encoder, StreamEvent, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { findValue, itemsOf, type JsonObject } from '../json/index.ts';
import { choiceIndex } from '../openai/answer.ts';
import { DONE } from '../openai/chunks.ts';
import { errorNaming } from '../openai/error.ts';
import { billed, identityOf, nameless, type Identity } from '../openai/refused.ts';
import { parseObject } from '../read/typed.ts';

export const encode: Encoder = {
  error: errorNaming('prompt'),
  answer: encodeAnswer,
  openTail: () => new Tail(),
};

/** It does not say why: all text of this dialect goes on where the prompt ended. */
const refused = (identity: Identity, choices: readonly number[]): object => ({
  ...identity,
  object: 'text_completion',
  choices: choices.map((index) => ({ index, text: '', logprobs: null, finish_reason: 'content_filter' })),
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function encodeAnswer({ model, requestId, usage }: AnswerRefusal): Buffer {
  return json({ ...refused(nameless(`cmpl-${requestId}`, model), [0]), usage: billed(usage) });
}

class Tail implements StreamTail {
  #identity: Identity | null = null;
  readonly #choices = new Set<number>();

  released(event: StreamEvent): void {
    if (!this.#isNews(event)) return;
    const parsed = parseObject(event.data);
    if (parsed.ok) this.#take(parsed.value);
  }

  /** Most events go on with choices that are known. */
  #isNews({ deltas }: StreamEvent): boolean {
    const spoken = deltas.filter(({ lane }) => lane.includes('.'));
    return spoken.length === 0 || !spoken.every(({ lane }) => this.#choices.has(Number.parseInt(lane, 10)));
  }

  #take(chunk: JsonObject): void {
    this.#identity ??= identityOf(chunk);
    for (const [position, item] of itemsOf(findValue(chunk, 'choices')).entries())
      this.#choices.add(choiceIndex(item, position));
  }

  refuse(): readonly Frame[] {
    const seen = this.#choices.size === 0 ? [0] : [...this.#choices];
    const last = json(refused(this.#identity ?? nameless('cmpl-refused'), seen));
    return [last, DONE].map((data) => ({ name: '', data }));
  }
}
