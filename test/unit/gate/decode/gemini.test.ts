import { describe, expect, it } from '@jest/globals';
import {
  codecOf,
  encoderOf,
  findOperation,
  FRAMINGS,
  spliceEdits,
} from '../../../../src/gate/decode/index.ts';
import { answerOf } from '../../../support/answers.ts';
import { decodeStream, writeEvents, writeStream, type GoldenEvent } from '../../../support/events.ts';

const gemini = codecOf({ dialect: 'gemini' });
const ASKED = { model: 'gemini-3-flash', stream: false };

const bytes = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

const decode = (body: unknown) => gemini.decodeRequest(bytes(body), ASKED);

const accepted = (body: unknown) => {
  const decoded = decode(body);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  return decoded.value;
};

const faultOf = (body: unknown): string | null => {
  const decoded = decode(body);
  return decoded.ok ? null : decoded.error.code;
};

const HELLO = { contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }] };
const saying = (...parts: object[]): object => ({ contents: [{ role: 'model', parts }] });

describe('the operations of Gemini', () => {
  const find = (target: string) => findOperation('gemini', 'POST', target);

  it('name the model and say whether they stream', () => {
    const path = '/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse';
    expect(find(path)).toMatchObject({
      operation: { name: 'generate_content', stream: true },
      address: { path, model: 'gemini-3-flash' },
    });
    expect(find('/v1/models/m:streamGenerateContent')?.operation).toMatchObject({
      stream: true,
      framing: 'json_array',
    });
    expect(find('/v1/models/m:generateContent')?.operation.stream).toBe(false);
    expect(find('/v1beta/models/m:countTokens')?.operation.name).toBe('count_tokens');
  });

  it.each([
    '/v1beta/models/m:streamGenerateContent?alt=json',
    '/v1beta/models/m:streamGenerateContent?key=k',
    '/v1beta/models/m:streamGenerateContent?alt=sse&key=k',
    '/v1beta/models/m:streamGenerateContent?key=k&alt=sse',
    '/v1beta/models/m:streamGenerateContent?%24alt=sse',
    '/v1beta/models/m:generateContent?alt=sse',
    '/v1beta/models/m:generateContent?$fields=candidates',
    '/v1beta/models/m:generateContent/',
    '/v1beta/models/a/m:generateContent',
    '/v1beta/models/m%3AgenerateContent',
    '/v1beta/models/m:generatecontent',
    '/v1beta/models/m:batchGenerateContent',
    '/v1beta/tunedModels/m:generateContent',
    '/v1alpha/models/m:generateContent',
  ])('are not to be had otherwise: %s', (target) => {
    expect(find(target)).toBeNull();
  });
});

describe('a field of two names', () => {
  it.each([
    { ...HELLO, generationConfig: { maxOutputTokens: 5, max_output_tokens: 500 } },
    { ...HELLO, generationConfig: {}, generation_config: {} },
    { ...HELLO, systemInstruction: null, system_instruction: { parts: [{ text: 'Obey.' }] } },
    { ...HELLO, tools: [{ codeExecution: {}, code_execution: {} }] },
    saying({ functionCall: { name: 'f', partialArgs: null, partial_args: [] } }),
    saying({ inlineData: { mimeType: 'image/png', mime_type: 'text/plain', data: 'AAAA' } }),
  ])('stands there once: %j', (body) => {
    expect(faultOf(body)).toBe('json.alias');
  });

  it('may be two fields of an application', () => {
    expect(faultOf(saying({ functionCall: { name: 'f', args: { toDo: 1, to_do: 2 } } }))).toBeNull();
  });
});

describe('what Google would read otherwise', () => {
  it.each([
    ['request.contents_type', { contents: 'Hello.' }],
    ['request.store_type', { ...HELLO, store: 'true' }],
    ['json.count_type', { ...HELLO, generationConfig: { candidateCount: '8' } }],
    ['json.count_type', '{"contents":[],"generation_config":{"max_output_tokens":1e9}}'],
    ['part.union', saying({ text: 'a', functionCall: { name: 'f' } })],
    ['part.call_pieces', saying({ functionCall: { name: 'f', partialArgs: [{ jsonPath: '$.a' }] } })],
    ['part.call_pieces', saying({ functionCall: { name: 'f', willContinue: true } })],
    [
      'part.call_pieces',
      { ...HELLO, toolConfig: { functionCallingConfig: { streamFunctionCallArguments: true } } },
    ],
    ['request.model_conflict', { ...HELLO, model: 'gemini-3-pro' }],
  ])('is refused: %s', (code, body) => {
    expect(faultOf(body)).toBe(code);
  });

  it.each([HELLO, { ...HELLO, model: 'models/gemini-3-pro' }])(
    'is refused where tokens are counted of a request for another model: %j',
    (generateContentRequest) => {
      const counted = codecOf({ dialect: 'gemini-count-tokens' });
      expect(counted.decodeRequest(bytes({ generateContentRequest }), ASKED)).toMatchObject({
        error: { code: 'request.model_conflict' },
      });
    },
  );

  it('is refused in answers too', () => {
    const candidates = [{ finishReason: 'STOP', finish_reason: 'SAFETY' }];
    expect(gemini.decodeResponse(bytes({ candidates }))).toMatchObject({ error: { code: 'json.alias' } });
    expect(gemini.openStream(FRAMINGS.sse).push(writeStream([{ data: { candidates } }]))).toMatchObject({
      error: { code: 'json.alias' },
    });
    expect(gemini.openStream(FRAMINGS.sse).push(writeStream([{ event: 'error', data: {} }]))).toMatchObject({
      error: { code: 'stream.event_name' },
    });
  });

  it('is accepted as one item where a list is meant', () => {
    const { parts, limits, tools } = accepted({
      contents: { parts: { text: 'Hello.' } },
      tools: { googleSearch: {} },
      generationConfig: { maxOutputTokens: 9 },
    });
    expect(parts).toMatchObject([{ role: 'user', origin: 'user', text: 'Hello.' }]);
    expect([limits, tools.map(({ kind }) => kind)]).toEqual([{ max_output_tokens: 9 }, ['google_search']]);
  });
});

describe('a turn', () => {
  it('is nobody’s where its role is not one of the dialect', () => {
    const { parts } = accepted({ contents: [{ role: 'system', parts: [{ text: 'Obey.' }] }] });
    expect(parts).toMatchObject([{ role: 'system', origin: 'unknown' }]);
  });

  it.each([{}, { role: '' }, { role: null }])('is the user’s where nobody is named: %j', (whose) => {
    const { parts } = accepted({ contents: [{ ...whose, parts: [{ text: 'Hello.' }] }] });
    expect(parts).toMatchObject([{ role: 'user', origin: 'user' }]);
  });

  it('is a thought where the model says so, and a text where anybody else does', () => {
    const thought = { parts: [{ text: 'Hm.', thought: true }] };
    const { parts } = accepted({ contents: [thought, { role: 'model', ...thought }] });
    expect(parts.map(({ kind }) => kind)).toEqual(['text', 'reasoning']);
  });

  it('comes after the system instruction, by whichever name', () => {
    const { parts } = accepted({ ...HELLO, system_instruction: { parts: { text: 'Be kind.' } } });
    expect(parts).toMatchObject([
      { turn: 1, origin: 'user' },
      { turn: 0, origin: 'system' },
    ]);
  });
});

describe('a tool that is not known', () => {
  it('is hosted, and its field counts as unknown', () => {
    const { tools, coverage } = accepted({ ...HELLO, tools: [{ shellAccess: { root: 'yes' } }] });
    expect(tools).toMatchObject([{ name: 'shell_access', kind: 'shell_access' }]);
    expect(coverage.unknownFields).toBe(1);
  });
});

describe('retrieval', () => {
  it('names what lies behind it, by either name of a field', () => {
    const vertexRagStore = { rag_resources: [{ ragCorpus: 'corpora/1' }], ragCorpora: ['corpora/2'] };
    const { tools, references } = accepted({
      ...HELLO,
      tools: [
        { retrieval: { vertexAiSearch: { datastore: 'stores/1' }, vertexRagStore } },
        { retrieval: { externalApi: { endpoint: 'https://index.example' } } },
        { fileSearch: { fileSearchStoreNames: 'fileSearchStores/1' } },
      ],
    });
    expect(tools.map(({ kind }) => kind)).toEqual(['retrieval', 'retrieval', 'file_search']);
    expect(references.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'datastore stores/1',
      'rag_corpus corpora/1',
      'rag_corpus corpora/2',
      'tool_server https://index.example',
      'file_search_store fileSearchStores/1',
    ]);
  });
});

describe('an end that is told by its number', () => {
  it('is an end', () => {
    const data = { candidates: [{ finishReason: 1 }] };
    expect(decodeStream(gemini, writeStream([{ data }]))).toMatchObject([
      { role: 'terminal', finishReasons: ['1'] },
    ]);
  });
});

describe('what was signed', () => {
  const signed = { thoughtSignature: 'c2ln' };

  it('cannot be edited, nor anything beside it', () => {
    const { parts } = accepted(
      saying(
        { text: 'a', ...signed },
        { text: 'b' },
        { functionCall: { name: 'f' }, thought_signature: 'eA==' },
      ),
    );
    expect(parts.map(({ text, at }) => [text, at !== null])).toEqual([
      ['a', false],
      ['b', true],
      ['f', false],
      ['', false],
    ]);
  });

  it('is all of a text, whose signature comes with its last piece', () => {
    const { parts } = accepted(
      saying({ text: 'Hm.', thought: true }, { text: 'a' }, { text: '', ...signed }, { text: 'b' }),
    );
    expect(parts.map(({ text, at }) => [text, at !== null])).toEqual([
      ['Hm.', false],
      ['a', false],
      ['b', true],
    ]);
    expect(accepted(saying({ text: 'a', thoughtSignature: null })).parts[0]?.at).not.toBeNull();
  });

  it('cannot be edited in a stream, nor can what it signs of earlier events', () => {
    const chunk = (...parts: object[]): GoldenEvent => ({
      data: { candidates: [{ index: 1, content: { parts } }] },
    });
    const events = decodeStream(
      gemini,
      writeStream([
        chunk({ text: 'a', ...signed }),
        chunk({ text: 'b' }),
        chunk(signed),
        chunk({ functionCall: { name: 'f' }, ...signed }),
      ]),
    );
    expect(events[0]?.deltas[0]?.at).toBeNull();
    const lanes = ['1.0.text', '1.0.reasoning'];
    expect(events.map(({ signs }) => signs)).toEqual([lanes, undefined, lanes, undefined]);
  });
});

describe('a result', () => {
  const resultOf = (response: object) =>
    accepted(saying({ functionResponse: { name: 'f', response } })).parts.find(
      ({ kind }) => kind === 'tool_result',
    );

  it('can be edited where it is one text', () => {
    expect(resultOf({ output: 'Sunny.' })).toMatchObject({ origin: 'tool', name: 'f', text: 'Sunny.' });
    expect(resultOf({ output: 'Sunny.' })?.at).not.toBeNull();
  });

  it('is every text and name of it otherwise', () => {
    expect(resultOf({ output: 'Sunny.', x: 'y' })).toMatchObject({ text: 'output\nSunny.\nx\ny', at: null });
    expect(resultOf({ secret: 'k' })).toMatchObject({ text: 'secret\nk', at: null });
  });
});

describe('calls in a stream', () => {
  it('are whole and apart, in whatever chunks they come', () => {
    const call = (name: string) => ({ functionCall: { name, args: { of: name } } });
    const chunk = (...parts: object[]): GoldenEvent => ({ data: { candidates: [{ content: { parts } }] } });
    const events = decodeStream(gemini, writeStream([chunk(call('a'), call('b')), chunk(call('c'))]));
    const calls = events.flatMap(({ deltas }) => deltas.filter(({ kind }) => kind === 'tool_call'));
    expect(calls.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(new Set(calls.map(({ lane }) => lane)).size).toBe(3);
    expect(events.flatMap(({ closes }) => closes)).toEqual(calls.map(({ lane }) => lane));
  });
});

describe('pinning a system instruction', () => {
  const pin = (body: object): unknown => {
    const original = bytes(body);
    const pinned = gemini.pinSystem(original, 'Be "safe"');
    if (!pinned.ok) return pinned.error;
    const edited = spliceEdits(original, pinned.value);
    expect(gemini.pinSystem(edited, 'Be "safe"')).toEqual({ ok: true, value: [] });
    return JSON.parse(edited.toString());
  };
  const part = { text: 'Be "safe"' };
  const kind = { text: 'Be kind.' };

  it.each([
    [HELLO, { systemInstruction: { parts: [part] }, ...HELLO }],
    [{}, { systemInstruction: { parts: [part] } }],
    [{ systemInstruction: null }, { systemInstruction: { parts: [part] } }],
    [{ systemInstruction: {} }, { systemInstruction: { parts: [part] } }],
    [{ system_instruction: { parts: [] } }, { system_instruction: { parts: [part] } }],
    [{ system_instruction: { parts: [kind] } }, { system_instruction: { parts: [part, kind] } }],
    [{ systemInstruction: { parts: kind } }, { systemInstruction: { parts: [part, kind] } }],
    [{ systemInstruction: { parts: null } }, { systemInstruction: { parts: [part] } }],
  ])('makes it the first part of %j', (before, after) => {
    expect(pin(before)).toEqual(after);
  });

  it('is done within the request that tokens are counted of', () => {
    const counted = codecOf({ dialect: 'gemini-count-tokens' });
    const request = { model: 'models/gemini-3-flash', ...HELLO };
    const body = bytes({ generateContentRequest: request });
    const pinned = counted.pinSystem(body, 'Be "safe"');
    const edited = pinned.ok ? spliceEdits(body, pinned.value) : body;
    expect(JSON.parse(edited.toString())).toEqual({
      generateContentRequest: { systemInstruction: { parts: [part] }, ...request },
    });
    expect(counted.pinSystem(edited, 'Be "safe"')).toEqual({ ok: true, value: [] });
    expect(counted.pinSystem(bytes(HELLO), 'a')).toEqual(gemini.pinSystem(bytes(HELLO), 'a'));
    expect(counted.pinSystem(bytes('['), 'a').ok).toBe(false);
  });

  it('takes no thought for an instruction', () => {
    const thought = { ...part, thought: true };
    const body = { systemInstruction: { parts: [thought] } };
    expect(pin(body)).toEqual({ systemInstruction: { parts: [part, thought] } });
  });
});

describe('a refusal', () => {
  const parse = (body: Buffer): unknown => JSON.parse(body.toString());

  it.each([
    [400, 'INVALID_ARGUMENT'],
    [404, 'NOT_FOUND'],
    [413, 'INVALID_ARGUMENT'],
    [500, 'INTERNAL'],
    [503, 'UNAVAILABLE'],
  ])('of a request has the shape of Google’s errors: %d is %s', (status, name) => {
    const refusal = { status, code: 'content_filter', message: 'No secrets.', requestId: 'r-1' };
    const { body } = encoderOf('gemini').error(refusal);
    expect(parse(body)).toEqual({
      error: {
        code: status,
        message: 'No secrets.',
        status: name,
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'CONTENT_FILTER',
            domain: 'postern',
            metadata: { request_id: 'r-1' },
          },
        ],
      },
    });
    expect(gemini.decodeResponse(body)).toMatchObject({
      ok: true,
      value: { coverage: { unknownFields: 0 } },
    });
  });

  it('is read in a list where the answer would have been one, and nothing else is', () => {
    const error = { error: { code: 400, message: 'No.', status: 'INVALID_ARGUMENT' } };
    expect(gemini.decodeResponse(bytes([error]))).toMatchObject({
      ok: true,
      value: { parts: { length: 2 } },
    });
    for (const other of [[], [error, error], [{ candidates: [] }], [1], 'error', '"error"'])
      expect(gemini.decodeResponse(bytes(other)).ok).toBe(false);
  });

  it('of an answer is a candidate that ended, with the usage that was billed', () => {
    const usage = { inputTokens: 3, outputTokens: 4 };
    const body = answerOf(gemini, { message: 'No secrets.', model: 'm', requestId: 'r-1', usage });
    expect(gemini.decodeResponse(body)).toMatchObject({
      ok: true,
      value: { model: 'm', usage, finishReasons: ['PROHIBITED_CONTENT'], coverage: { unknownFields: 0 } },
    });
  });

  it('of a stream ends every candidate that was seen, in one last chunk', () => {
    const chunk = (index: number) => ({
      data: {
        candidates: [{ index, content: { parts: [{ text: 'a' }] } }],
        modelVersion: 'm',
        responseId: 'r',
      },
    });
    const tail = gemini.encode.openTail();
    for (const event of decodeStream(gemini, writeStream([chunk(0), chunk(1)]))) tail.released(event);
    const [last, ...more] = decodeStream(gemini, writeEvents(tail.refuse('No secrets.', { inputTokens: 3 })));
    expect(more).toEqual([]);
    expect(last).toMatchObject({
      role: 'terminal',
      model: 'm',
      finishReasons: ['PROHIBITED_CONTENT', 'PROHIBITED_CONTENT'],
      usage: { inputTokens: 3 },
      coverage: { unknownFields: 0 },
    });
    expect(decodeStream(gemini, writeEvents(gemini.encode.openTail().refuse('No.')))).toHaveLength(1);
  });
});
