// What the caller has seen of a stream in; events that close what is open, refuse and end it, out.
import type { Usage } from '../../../exchange/index.ts';
import type { StreamEvent, StreamTail } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import { begun, REFUSAL_ID, refusalItem, refusalPart, refused, type Identity } from './refused.ts';

/** Fields of the events that matter here; they were read before, and may have been masked since. */
interface Seen {
  readonly sequence_number?: number;
  readonly output_index?: number;
  readonly content_index?: number;
  readonly delta?: string;
  readonly item?: Item;
  readonly part?: ContentPart;
  readonly response?: Identity;
}

interface Item {
  readonly id?: string;
  readonly type?: string;
  readonly content?: readonly ContentPart[];
}

interface ContentPart {
  readonly type?: string;
  readonly [field: string]: unknown;
}

interface SeenItem {
  readonly item: Item;
  isOpen: boolean;
  /** The pieces of a message, as far as they were told; those that ended are not told again. */
  readonly parts: Map<number, { part: ContentPart; text: string; isOpen: boolean }>;
}

const NOBODY: Identity = { id: 'resp_refused', model: '' };

export class Tail implements StreamTail {
  #identity: Identity | null = null;
  #next = 0;
  readonly #items = new Map<number, SeenItem>();

  released({ name, data }: StreamEvent): void {
    if (!name.startsWith('response.')) return;
    const seen = JSON.parse(data.toString()) as Seen;
    this.#next = (seen.sequence_number ?? this.#next) + 1;
    this.#identity ??= seen.response ?? null;
    if (seen.output_index !== undefined) this.#take(name, seen, seen.output_index);
  }

  #take(name: string, { item, part, delta, content_index: at = 0 }: Seen, index: number): void {
    if (item !== undefined) {
      const isOpen = name === 'response.output_item.added';
      this.#items.set(index, { item, isOpen, parts: new Map() });
    }
    const parts = this.#items.get(index)?.parts;
    if (part !== undefined)
      parts?.set(at, { part, text: textOf(part), isOpen: name === 'response.content_part.added' });
    const known = parts?.get(at);
    if (known !== undefined && known.isOpen && typeof delta === 'string') known.text += delta;
  }

  refuse(message: string, usage: Usage = {}): readonly Frame[] {
    const start =
      this.#identity === null ? [this.#write('response.created', { response: begun(NOBODY) })] : [];
    const closed = [...this.#items].flatMap(([index, seen]) =>
      seen.isOpen ? this.#closeItem(index, seen) : [],
    );
    const said = this.#refuseIn(Math.max(-1, ...this.#items.keys()) + 1, message);
    const output = [...[...this.#items.values()].map(itemOf), refusalItem(message)];
    const response = refused(this.#identity ?? NOBODY, output, usage);
    return [...start, ...closed, ...said, this.#write('response.incomplete', { response })];
  }

  #closeItem(output_index: number, seen: SeenItem): Frame[] {
    const item_id = seen.item.id ?? '';
    const parts = [...seen.parts].flatMap(([content_index, { part, text, isOpen }]) => {
      if (!isOpen) return [];
      const place = { item_id, output_index, content_index };
      return this.#closePart(place, withText(part, text));
    });
    return [...parts, this.#write('response.output_item.done', { output_index, item: itemOf(seen) })];
  }

  #closePart(place: object, part: ContentPart): Frame[] {
    const { type = '', ...said } = part;
    const done = type === 'refusal' ? { refusal: said['refusal'] } : { text: said['text'], logprobs: [] };
    return [
      this.#write(`response.${type}.done`, { ...place, ...done }),
      this.#write('response.content_part.done', { ...place, part }),
    ];
  }

  #refuseIn(output_index: number, message: string): Frame[] {
    const place = { item_id: REFUSAL_ID, output_index, content_index: 0 };
    const item = refusalItem(message);
    return [
      this.#write('response.output_item.added', {
        output_index,
        item: { ...item, status: 'in_progress', content: [] },
      }),
      this.#write('response.content_part.added', { ...place, part: refusalPart('') }),
      this.#write('response.refusal.delta', { ...place, delta: message }),
      ...this.#closePart(place, refusalPart(message)),
      this.#write('response.output_item.done', { output_index, item }),
    ];
  }

  #write(type: string, fields: object): Frame {
    const data = Buffer.from(JSON.stringify({ type, sequence_number: this.#next, ...fields }));
    this.#next += 1;
    return { name: type, data };
  }
}

const textOf = ({ type, text, refusal }: ContentPart): string => {
  const said = type === 'refusal' ? refusal : text;
  return typeof said === 'string' ? said : '';
};

const withText = (part: ContentPart, text: string): ContentPart =>
  part.type === 'refusal' ? { ...part, refusal: text } : { ...part, text };

/** An item that was cut off holds what was told of it. */
const itemOf = ({ item, isOpen, parts }: SeenItem): object => {
  if (!isOpen) return item;
  const content = [...parts.values()].map(({ part, text, isOpen: goesOn }) =>
    goesOn ? withText(part, text) : part,
  );
  return { ...item, status: 'incomplete', ...(item.type === 'message' ? { content } : {}) };
};
