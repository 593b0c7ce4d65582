import { describe, expect, it } from '@jest/globals';
import { codecOf } from '../../../../src/gate/decode/index.ts';
import type { StreamEvent } from '../../../../src/gate/decode/codec.ts';
import { answerOf } from '../../../support/answers.ts';
import { decodeStream, writeEvents } from '../../../support/events.ts';

const codec = codecOf({ dialect: 'cohere-chat' });
const usage = { inputTokens: 3, outputTokens: 4 };
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const read = (more: object) =>
  codec.decodeRequest(bytesOf({ model: 'command-a', messages: [{ role: 'user', content: 'Hi' }], ...more }));

describe("a request for one of Cohere's chats", () => {
  it('says what it asks, and what it brings as documents', () => {
    expect(read({ documents: ['Tides.', { id: 'd', data: { text: 'Ports.' } }] })).toMatchObject({
      value: {
        model: 'command-a',
        parts: expect.arrayContaining([
          expect.objectContaining({ text: 'Hi', origin: 'user' }),
          expect.objectContaining({ text: 'Tides.', origin: 'document' }),
          expect.objectContaining({ text: 'Ports.', origin: 'document' }),
        ]),
      },
    });
  });

  it.each([[{ model: 7 }], [{ stream: 'yes' }], [{ messages: {} }], [{ max_tokens: -1 }]])(
    'is refused with a field of a wrong type: %j',
    (more) => expect(read(more).ok).toBe(false),
  );
});

describe('a refusal in the words of Cohere', () => {
  it('is an error with a message and an id', () => {
    const refusal = { status: 400, code: 'content_filter', message: 'No.', requestId: 'r' };
    expect(JSON.parse(codec.encode.error(refusal).body.toString())).toEqual({ id: 'r', message: 'No.' });
  });

  it('is an answer that ends with ERROR, with the usage that was billed', () => {
    const whole = answerOf(codec, { message: 'No.', model: 'm', requestId: 'r', usage });
    expect(codec.decodeResponse(whole)).toMatchObject({
      value: {
        parts: expect.arrayContaining([expect.objectContaining({ text: 'No.' })]),
        usage,
        finishReasons: ['ERROR'],
      },
    });
  });

  it('is a stream of the same words', () => {
    const events = decodeStream(codec, writeEvents(codec.encode.openTail().refuse('No.', usage)));
    expect(events.flatMap(({ deltas }) => deltas.map(({ text }) => text))).toContain('No.');
    expect(events.flatMap(({ finishReasons = [] }) => finishReasons)).toEqual(['ERROR']);
    expect(events.at(-1)).toMatchObject({ usage, role: 'terminal' });
  });

  it('closes what a stream has begun, and speaks in a content of its own', () => {
    const tail = codec.encode.openTail();
    for (const [name, more] of [
      ['message-start', {}],
      ['content-start', { index: 0 }],
      ['content-end', { index: 0 }],
      ['content-start', { index: 1 }],
      ['content-delta', { index: 1 }],
    ] as const) {
      tail.released(eventOf(name, more));
    }
    expect(tail.refuse('No.').map(({ name, data }) => `${name} ${indexOf(data)}`)).toEqual([
      'content-end 1',
      'content-start 2',
      'content-delta 2',
      'content-end 2',
      'message-end undefined',
    ]);
  });
});

const indexOf = (data: Buffer): string => String((JSON.parse(data.toString()) as { index?: number }).index);

const eventOf = (name: string, more: object): StreamEvent => ({
  name,
  data: bytesOf({ type: name, ...more }),
  deltas: [],
  role: 'content',
  closes: [],
  coverage: { bytes: 0, judged: 0, opaque: 0, unknownFields: 0 },
});
