// Refusals in; what Ollama's clients understand as an error, a refused answer, or the end of a stream, out.
import type { Usage } from '../../../exchange/index.ts';
import type { AnswerRefusal, Encoder, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { findString } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The time of a refusal is in the record, and this room has no clock. */
const NO_TIME = '1970-01-01T00:00:00Z';

/** What is said, in the field that the operation has for it. */
type Say = (text: string) => object;

export const sayInChat: Say = (content) => ({ message: { role: 'assistant', content } });
export const sayGenerated: Say = (response) => ({ response });

export const error: Encoder['error'] = ({ message }) => ({
  headers: { 'content-type': 'application/json' },
  body: json({ error: message }),
});

export const encoderOf = (say: Say): Encoder => ({
  error,
  answer: ({ message, model, usage }: AnswerRefusal) => json(endOf({ model, said: say(message), usage })),
  openTail: () => new Tail(say),
});

interface End {
  readonly model: string;
  readonly said: object;
  readonly usage: Usage;
}

const endOf = ({ model, said, usage: { inputTokens = 0, outputTokens = 0 } }: End): object => ({
  model,
  created_at: NO_TIME,
  ...said,
  done: true,
  done_reason: 'content_filter',
  prompt_eval_count: inputTokens,
  eval_count: outputTokens,
});

/** There is no field for a refusal: the message is text where none was seen, and is left out behind a text that was cut. */
class Tail implements StreamTail {
  readonly #say: Say;
  #model = '';
  #hasSpoken = false;

  constructor(say: Say) {
    this.#say = say;
  }

  released({ data, deltas }: Parameters<StreamTail['released']>[0]): void {
    this.#hasSpoken ||= deltas.some(({ lane }) => lane.includes('.'));
    if (this.#model !== '') return;
    const parsed = parseObject(data);
    this.#model = (parsed.ok ? findString(parsed.value, 'model') : undefined) ?? '';
  }

  refuse(message: string, usage: Usage = {}): readonly Frame[] {
    const said = this.#say(this.#hasSpoken ? '' : message);
    return [{ name: '', data: json(endOf({ model: this.#model, said, usage })) }];
  }
}
