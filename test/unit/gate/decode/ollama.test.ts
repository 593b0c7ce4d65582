import { describe, expect, it } from '@jest/globals';
import { codecOf, FRAMINGS, spliceEdits, writeFrames } from '../../../../src/gate/decode/index.ts';

const chat = codecOf({ dialect: 'ollama-chat' });
const generate = codecOf({ dialect: 'ollama-generate' });

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const HELLO = { model: 'm', messages: [{ role: 'user', content: 'Hello.' }] };

const codeOf = (codec: typeof chat, body: object): string | null => {
  const decoded = codec.decodeRequest(bytes(body));
  return decoded.ok ? null : decoded.error.code;
};

describe('a request to Ollama', () => {
  it.each([
    [{}, true],
    [{ stream: null }, true],
    [{ stream: true }, true],
    [{ stream: false }, false],
  ])('streams unless it is told not to: %j', (more, stream) => {
    expect(chat.decodeRequest(bytes({ ...HELLO, ...more }))).toMatchObject({ value: { stream } });
  });

  it.each([
    [{ options: { num_predict: 7 } }, { max_output_tokens: 7 }],
    [{ options: { num_predict: -1 } }, {}],
    [{ options: null }, {}],
  ])('has the ceiling that its options name: %j', (more, limits) => {
    expect(chat.decodeRequest(bytes({ ...HELLO, ...more }))).toMatchObject({ value: { limits } });
  });

  it.each([
    ['Messages', { ...HELLO, Messages: [] }],
    ['MODEL', { ...HELLO, MODEL: 'other' }],
    ['me\u017f\u017fages', { ...HELLO, 'me\u017f\u017fages': [] }],
    ['\u212aeep_alive', { ...HELLO, '\u212aeep_alive': '5m' }],
    ['Content', { ...HELLO, messages: [{ role: 'user', content: 'a', Content: 'b' }] }],
    ['Num_Predict', { ...HELLO, options: { Num_Predict: 7 } }],
  ])('is refused with a name that its reader folds into another: %s', (_, body) => {
    expect(codeOf(chat, body)).toBe('json.key_case');
  });

  it.each([
    [
      'a ceiling that is no count',
      chat,
      { ...HELLO, options: { num_predict: '7' } },
      'request.num_predict_type',
    ],
    [
      'a ceiling with a fraction',
      chat,
      { ...HELLO, options: { num_predict: 1.5 } },
      'request.num_predict_type',
    ],
    ['a turn of no role', chat, { model: 'm', messages: [{ content: 'a' }] }, 'request.role_type'],
    ['messages that are no list', chat, { model: 'm', messages: {} }, 'request.messages_type'],
    [
      'tokens of an earlier exchange',
      generate,
      { model: 'm', prompt: 'a', context: [1] },
      'request.opaque_tokens',
    ],
  ])('is refused with %s', (_, codec, body, code) => {
    expect(codeOf(codec, body)).toBe(code);
  });

  it('can have an instruction put in front, and has it but once', () => {
    const pinned = (body: object): unknown => {
      const edits = generate.pinSystem(bytes(body), 'Be kind.');
      return edits.ok ? JSON.parse(spliceEdits(bytes(body), edits.value).toString()) : edits.error.code;
    };
    const ask = { model: 'm', prompt: 'a' };
    expect(pinned(ask)).toEqual({ system: 'Be kind.', ...ask });
    expect(pinned({ ...ask, system: 'Be brief.' })).toEqual({ ...ask, system: 'Be kind.\nBe brief.' });
    expect(pinned({ ...ask, system: 'Be kind.\nBe brief.' })).toEqual({
      ...ask,
      system: 'Be kind.\nBe brief.',
    });
    expect(pinned({ ...ask, system: null })).toEqual({ ...ask, system: 'Be kind.' });
    expect(pinned({ ...ask, raw: true })).toBe('request.raw');
  });
});

const streamOf = (lines: readonly object[]): Buffer =>
  Buffer.concat(
    writeFrames(
      FRAMINGS.ndjson,
      lines.map((line) => ({ name: '', data: bytes(line) })),
    ),
  );

describe('an answer of Ollama', () => {
  it('cannot be masked where its tokens come with it', () => {
    const answer = { model: 'm', response: 'a secret', done: true };
    expect(generate.decodeResponse(bytes(answer))).toMatchObject({
      value: { parts: [{ lane: 'metadata' }, { at: {} }] },
    });
    const decoded = generate.decodeResponse(bytes({ ...answer, context: [1, 2] }));
    expect(decoded.ok && decoded.value.parts.map(({ at }) => at)).toEqual([null, null]);
    const stream = generate.openStream(FRAMINGS.ndjson);
    const lines = [
      { response: 'a ', done: false },
      { response: 'secret', done: false },
      { response: '', done: true, context: [1, 2] },
    ];
    const events = stream.push(streamOf(lines));
    expect(events.ok && events.value.at(-1)?.deltas).toMatchObject([
      { text: 'a secret', again: 0, at: null },
    ]);
  });

  it('is over with the line that says so, and calls are whole in every line', () => {
    const call = { function: { name: 'look', arguments: { at: 'the sea' } } };
    const lines = [
      { message: { content: '', tool_calls: [call] }, done: false },
      { message: { content: '', tool_calls: [call, call] }, done: false },
      { message: { content: '' }, done: true, done_reason: 'stop', eval_count: 3 },
    ];
    const events = chat.openStream(FRAMINGS.ndjson).push(streamOf(lines));
    expect(events.ok && events.value.map(({ role, closes }) => ({ role, closes }))).toEqual([
      { role: 'content', closes: ['0.1.tool_call'] },
      { role: 'content', closes: ['0.2.tool_call', '0.3.tool_call'] },
      { role: 'terminal', closes: ['metadata'] },
    ]);
    expect(events.ok && events.value.at(-1)).toMatchObject({
      finishReasons: ['stop'],
      usage: { outputTokens: 3 },
    });
  });

  it('that is refused says so in its text where it has not spoken, and only ends where it has', () => {
    const end = (said: readonly object[]): unknown => {
      const tail = chat.encode.openTail();
      const events = chat.openStream(FRAMINGS.ndjson).push(streamOf(said));
      for (const event of events.ok ? events.value : []) tail.released(event);
      return tail
        .refuse('Not this.', { outputTokens: 3 })
        .map(({ data }): unknown => JSON.parse(data.toString()));
    };
    const ended = { done: true, done_reason: 'content_filter', eval_count: 3 };
    expect(end([])).toMatchObject([{ ...ended, message: { role: 'assistant', content: 'Not this.' } }]);
    expect(end([{ model: 'm', message: { content: 'Once ' } }])).toMatchObject([
      { ...ended, model: 'm', message: { content: '' } },
    ]);
    const whole: unknown = JSON.parse(
      String(chat.encode.answer({ message: 'Not this.', model: 'm', requestId: 'r', usage: {} })),
    );
    expect(whole).toMatchObject({
      done: true,
      done_reason: 'content_filter',
      message: { content: 'Not this.' },
    });
  });
});
