import { describe, expect, it } from '@jest/globals';
import { codecOf, FRAMINGS } from '../../../../src/gate/decode/index.ts';
import { writeStream } from '../../../support/events.ts';

const chat = codecOf({ dialect: 'openai-chat' });
const completions = codecOf({ dialect: 'openai-completions' });

const bytes = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const CHAT = { model: 'a', messages: [{ role: 'user', content: 'Hello.' }] };

const codeOf = (codec: typeof chat, body: object): string | null => {
  const decoded = codec.decodeRequest(bytes(body));
  return decoded.ok ? null : decoded.error.code;
};

const accepted = (body: object) => {
  const decoded = chat.decodeRequest(bytes({ ...CHAT, ...body }));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  return decoded.value;
};

describe('a request to a server that speaks like OpenAI', () => {
  it('names every model that may answer', () => {
    const { model, references } = accepted({ models: ['b', 'c'], fallbacks: ['d'], route: 'fallback' });
    expect(model).toBe('a');
    expect(references).toEqual(
      ['b', 'c', 'd', 'fallback'].map((value) => ({ kind: 'model', value, origin: 'user' })),
    );
  });

  it.each([
    ['models that are no list', { models: 'b' }, 'request.models_type'],
    ['a model that is no name', { models: ['b', { model: 'c' }] }, 'request.models_type'],
    [
      'a fallback with words of its own',
      { fallbacks: [{ model: 'c', messages: [] }] },
      'request.models_type',
    ],
    ['a template', { chat_template: '{{ messages }}' }, 'request.chat_template'],
    ['tools for the template', { chat_template_kwargs: { tools: [] } }, 'request.chat_template_kwargs_type'],
    ['a body that is put over this one', { extra_body: { model: 'c' } }, 'request.extra_body'],
    ['a prompt that nobody reads', { prompt_embeds: 'AAAA' }, 'request.opaque_tokens'],
    ['a name in another case', { Messages: [] }, 'json.key_case'],
    ['a name in another case within', { messages: [{ role: 'user', Content: 'b' }] }, 'json.key_case'],
  ])('is refused with %s', (_, more, code) => {
    expect(codeOf(chat, { ...CHAT, ...more })).toBe(code);
  });

  it('is refused in the older dialect for the same', () => {
    expect(codeOf(completions, { model: 'a', prompt: 'b', models: [7] })).toBe('request.models_type');
    expect(codeOf(completions, { model: 'a', prompt: 'b', prompt_embeds: ['AAAA'] })).toBe(
      'request.opaque_tokens',
    );
  });

  it('may say that it wants none of it', () => {
    expect(codeOf(chat, { ...CHAT, chat_template: null, extra_body: null, models: null })).toBeNull();
  });

  it('brings documents that are data, each for itself', () => {
    const { parts } = accepted({ documents: ['All.', { title: 'Cats', pages: 3, more: { a: 'b' } }] });
    const brought = parts.filter(({ origin }) => origin === 'document');
    expect(brought.map(({ lane, text }) => `${lane}: ${text}`)).toEqual([
      'documents.0.text: All.',
      'documents.1.name: title',
      'documents.1.text: Cats',
      'documents.1.name: pages',
      'documents.1.name: more',
      'documents.1.text: a\nb',
    ]);
  });
});

describe('an answer of such a server', () => {
  const textsOf = (...choices: object[]): Readonly<Record<string, string>> => {
    const chunks = choices.map((choice) => ({ data: { choices: [{ index: 0, ...choice }] } }));
    const pushed = chat.openStream(FRAMINGS.sse).push(writeStream(chunks));
    if (!pushed.ok) throw new Error(JSON.stringify(pushed.error));
    const lanes: Record<string, string> = {};
    for (const { lane, text } of pushed.value.flatMap(({ deltas }) => deltas))
      lanes[lane] = (lanes[lane] ?? '') + text;
    return lanes;
  };

  it('is one text by each of the names that it is told by', () => {
    const piece = (text: string): object => ({ delta: { reasoning: text, reasoning_content: text } });
    expect(textsOf(piece('a s'), piece('ecr'), piece('et'))).toEqual({
      '0.0.reasoning': 'a secret',
      '0.0.reasoning_content': 'a secret',
    });
  });

  it('is not cut by messages among its pieces', () => {
    const piece = (text: string): object => ({ delta: { content: text }, message: { content: 'so far' } });
    expect(textsOf(piece('a s'), piece('ecret'))['0.0.text']).toBe('a secret');
  });

  it('is not understood with a name in another case', () => {
    expect(chat.decodeResponse(bytes({ Choices: [] }))).toMatchObject({ error: { code: 'json.key_case' } });
    const chunk = writeStream([{ data: { choices: [{ Delta: { content: 'b' } }] } }]);
    expect(chat.openStream(FRAMINGS.sse).push(chunk)).toMatchObject({ error: { code: 'json.key_case' } });
  });
});
