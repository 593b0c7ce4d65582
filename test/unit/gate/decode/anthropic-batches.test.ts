import { describe, expect, it } from '@jest/globals';
import { codecOf, spliceEdits } from '../../../../src/gate/decode/index.ts';
import { plant } from '../../../support/canary.ts';

const batches = codecOf({ dialect: 'anthropic-batches' });
const results = codecOf({ dialect: 'anthropic-batch-results' });

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const PARAMS = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hello.' }] };
const REQUESTS = { requests: [{ custom_id: 'first', params: PARAMS }] };
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'Hello.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const SUCCEEDED = { custom_id: 'first', result: { type: 'succeeded', message: MESSAGE } };
const ERRORED = {
  custom_id: 'second',
  result: {
    type: 'errored',
    error: { type: 'error', error: { type: 'invalid_request_error', message: 'No.' }, request_id: 'req_1' },
  },
};

/** What is around, and what is judged as itself. */
function textsOf(body: Buffer, side: 'request' | 'answer'): readonly string[] | null {
  const [around, within] =
    side === 'request'
      ? [batches.decodeRequest(body), batches.listRequests?.(body)]
      : [results.decodeResponse(body), results.listAnswers?.(body)];
  if (!around.ok || within?.ok !== true) return null;
  return [
    ...around.value.parts.map(({ text }) => text),
    ...within.value.map(({ start, end }) => body.toString('utf8', start, end).replaceAll('\\"', '"')),
  ];
}

const listHidden = (document: unknown, side: 'request' | 'answer'): string[] =>
  [...plant(document)].flatMap(({ path, document: planted, canary }) => {
    const texts = textsOf(bytes(planted), side);
    return texts === null || texts.some((text) => text.includes(canary)) ? [] : [path];
  });

describe('a batch', () => {
  it('hides nothing in its requests or around them', () => {
    expect(listHidden(REQUESTS, 'request')).toEqual([]);
  });

  it('says where its requests stand, and that they are messages', () => {
    const body = bytes(REQUESTS);
    expect(batches.listRequests?.(body)).toMatchObject({
      value: [{ operation: { dialect: 'anthropic-messages', path: '/v1/messages' } }],
    });
    expect(textsOf(body, 'request')).toEqual(['first', JSON.stringify(PARAMS)]);
    expect(batches.decodeRequest(body)).toMatchObject({ value: { coverage: { unknownFields: 0 } } });
  });

  it.each([
    { requests: [{ custom_id: 'a' }] },
    { requests: [{ custom_id: 'a', params: [PARAMS] }] },
    { requests: [1] },
    { requests: {} },
    {},
    [],
  ])('is not understood where it holds something else: %j', (body) => {
    expect(textsOf(bytes(body), 'request')).toBeNull();
  });

  it('has no body where it is asked about', () => {
    expect(textsOf(Buffer.alloc(0), 'request')).toEqual([]);
  });
});

describe('results', () => {
  it('hide nothing in their lines', () => {
    expect(listHidden(SUCCEEDED, 'answer')).toEqual([]);
    expect(listHidden(ERRORED, 'answer')).toEqual([]);
  });

  it('hold messages, and failures in the place of messages', () => {
    const body = Buffer.from([SUCCEEDED, ERRORED].map((each) => JSON.stringify(each)).join('\n'));
    const listed = results.listAnswers?.(body);
    const texts =
      listed?.ok === true ? listed.value.map(({ start, end }) => body.toString('utf8', start, end)) : [];
    expect(texts).toEqual([JSON.stringify(MESSAGE)]);
    expect(results.decodeResponse(body)).toMatchObject({ value: { coverage: { unknownFields: 0 } } });
  });
});

describe('an error in the place of results', () => {
  it.each([undefined, 2])('is understood on one line, and on several', (indent) => {
    const error = { type: 'not_found_error', message: 'No results yet.' };
    const body = Buffer.from(JSON.stringify({ type: 'error', error, request_id: 'req_1' }, null, indent));
    expect(results.decodeResponse(body)).toMatchObject({ value: { coverage: { unknownFields: 0 } } });
    expect(results.listAnswers?.(body)).toEqual({ ok: true, value: [] });
  });
});

describe('the address of results', () => {
  const path = '/v1/messages/batches/msgbatch_1/results';
  const lead = (value: unknown): unknown => {
    const body = bytes(value);
    const led = batches.leadBack?.(body);
    return led?.ok === true ? JSON.parse(spliceEdits(body, led.value).toString()) : led?.error.code;
  };

  it('is a path, which leads back through the gate, wherever it stands', () => {
    const [there, here] = [{ results_url: `https://api.anthropic.com${path}` }, { results_url: path }];
    expect(lead(there)).toEqual(here);
    expect(lead(here)).toEqual(here);
    expect(lead({ data: [there, { results_url: null }, {}] })).toEqual({
      data: [here, { results_url: null }, {}],
    });
  });

  it.each([
    `https://api.anthropic.com${path}?a=b`,
    `http://api.anthropic.com${path}`,
    `//evil.example${path}`,
    'https://evil.example/v1/files/x',
    `https://evil.example/v1/messages/batches/../batches/x/results`,
    7,
  ])('is no other: %s', (address) => {
    expect(lead({ results_url: address })).toBe('batch.results_url');
  });
});
