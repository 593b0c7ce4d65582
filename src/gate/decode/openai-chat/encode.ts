// Refusals in; what OpenAI's SDKs understand as an error, a refused completion, or the end of a stream, out.
import type { AnswerRefusal, Encoder, StreamEvent, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import type { JsonObject } from '../json/index.ts';
import { DONE } from '../openai/chunks.ts';
import { errorNaming } from '../openai/error.ts';
import { billed, identityOf, nameless, type Identity } from '../openai/refused.ts';
import { parseObject } from '../read/typed.ts';
import { listSpeakers } from './choices.ts';

/** The words of a refusal, in the fields that a message has for them, and a piece of one behind a text or before any. */
interface Manners {
  readonly whole: (message: string) => object;
  readonly piece: (message: string, hasSpoken: boolean) => object;
}

export const encoderOf = (manners: Manners): Encoder => ({
  error: errorNaming('messages'),
  answer: (refusal) => encodeAnswer(refusal, manners),
  openTail: () => new Tail(manners),
});

export const encode: Encoder = encoderOf({
  whole: (refusal) => ({ content: null, refusal }),
  piece: (refusal) => ({ refusal }),
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function encodeAnswer({ message, model, requestId, usage }: AnswerRefusal, { whole }: Manners): Buffer {
  return json({
    ...nameless(`chatcmpl-${requestId}`, model),
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', ...whole(message) },
        logprobs: null,
        finish_reason: 'content_filter',
      },
    ],
    usage: billed(usage),
  });
}

/** Helpers of the SDKs insist on a role in the first delta of a choice and on a reason in its last. */
class Tail implements StreamTail {
  readonly #manners: Manners;
  #identity: Identity | null = null;
  /** Choices that the caller has seen -> whether it has seen who speaks. */
  readonly #choices = new Map<number, boolean>();
  /** Choices of which it has seen text. */
  readonly #spoken = new Set<number>();

  constructor(manners: Manners) {
    this.#manners = manners;
  }

  released(event: StreamEvent): void {
    for (const { lane } of event.deltas) if (lane.includes('.')) this.#spoken.add(Number.parseInt(lane, 10));
    if (!this.#isNews(event)) return;
    const parsed = parseObject(event.data);
    if (parsed.ok) this.#take(parsed.value);
  }

  /** Most events go on with choices whose role is known: there is nothing to learn from them. */
  #isNews({ deltas }: StreamEvent): boolean {
    const spoken = deltas.filter(({ lane }) => lane.includes('.'));
    return spoken.length === 0 || !spoken.every(({ lane }) => this.#choices.get(Number.parseInt(lane, 10)));
  }

  #take(chunk: JsonObject): void {
    this.#identity ??= identityOf(chunk);
    for (const { choice, role } of listSpeakers(chunk))
      this.#choices.set(choice, this.#choices.get(choice) === true || role !== undefined);
  }

  refuse(message: string): readonly Frame[] {
    const seen = this.#choices.size === 0 ? [[0, false] as const] : [...this.#choices];
    const chunks = seen.flatMap(([index, hasRole]) => [
      this.#chunk({
        index,
        delta: { ...(hasRole ? {} : ROLE), ...this.#say(index, message) },
        finish_reason: null,
      }),
      this.#chunk({ index, delta: {}, finish_reason: 'content_filter' }),
    ]);
    return [...chunks, { name: '', data: DONE }];
  }

  #say(choice: number, message: string): object {
    return this.#manners.piece(message, this.#spoken.has(choice));
  }

  #chunk(choice: object): Frame {
    const identity = this.#identity ?? nameless('chatcmpl-refused');
    const choices = [{ logprobs: null, ...choice }];
    return { name: '', data: json({ ...identity, object: 'chat.completion.chunk', choices }) };
  }
}

const ROLE = { role: 'assistant' } as const;
