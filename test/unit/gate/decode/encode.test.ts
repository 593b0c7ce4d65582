import { describe, expect, it } from '@jest/globals';
import { codecOf, encoderOf, FRAMINGS } from '../../../../src/gate/decode/index.ts';
import { answerOf } from '../../../support/answers.ts';

const openai = encoderOf('openai');
const anthropic = encoderOf('anthropic');

const REFUSAL = { status: 400, code: 'content_filter', message: 'No secrets.', requestId: 'r-1' };
const ANSWER = {
  message: 'No secrets.',
  model: 'm',
  requestId: 'r-1',
  usage: { inputTokens: 3, outputTokens: 4 },
};

const parse = (body: Buffer): unknown => JSON.parse(body.toString());

describe('an error', () => {
  it('has the shape of the dialect and its request id', () => {
    const { headers, body } = openai.error(REFUSAL);
    expect(headers).toEqual({ 'content-type': 'application/json', 'x-request-id': 'r-1' });
    expect(parse(body)).toEqual({
      error: {
        message: 'No secrets.',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'content_filter',
      },
    });
    const other = anthropic.error(REFUSAL);
    expect(other.headers).toEqual({ 'content-type': 'application/json', 'request-id': 'r-1' });
    expect(parse(other.body)).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'No secrets.' },
      request_id: 'r-1',
    });
  });

  it.each([
    [400, 'invalid_request_error', 'invalid_request_error'],
    [403, 'invalid_request_error', 'permission_error'],
    [404, 'invalid_request_error', 'not_found_error'],
    [408, 'invalid_request_error', 'invalid_request_error'],
    [413, 'invalid_request_error', 'request_too_large'],
    [429, 'invalid_request_error', 'rate_limit_error'],
    [500, 'server_error', 'api_error'],
    [503, 'server_error', 'api_error'],
    [504, 'server_error', 'timeout_error'],
  ])('of status %d is %s to OpenAI and %s to Anthropic', (...[status, ours, theirs]) => {
    const refusal = { ...REFUSAL, status, code: 'postern_e_x' };
    expect(parse(openai.error(refusal).body)).toMatchObject({
      error: { type: ours, param: null, code: 'postern_e_x' },
    });
    expect(parse(anthropic.error(refusal).body)).toMatchObject({ error: { type: theirs } });
  });
});

describe('a refused answer', () => {
  it.each([
    ['openai-chat', 'content_filter'],
    ['openai-responses', 'content_filter'],
    ['openai-completions', 'content_filter'],
    ['anthropic-messages', 'refusal'],
  ] as const)(
    'of %s can be decoded as an answer that refuses, with the usage that was billed',
    (dialect, reason) => {
      const codec = codecOf({ dialect });
      expect(codec.decodeResponse(answerOf(codec, ANSWER))).toMatchObject({
        ok: true,
        value: { model: 'm', usage: ANSWER.usage, finishReasons: [reason], coverage: { unknownFields: 0 } },
      });
    },
  );

  it.each([
    ['openai-embeddings', 'input'],
    ['openai-moderations', 'input'],
    ['openai-input-tokens', 'input'],
    ['openai-images', 'prompt'],
    ['openai-models', 'model'],
  ] as const)('is none in %s: there an error stands in its place', (dialect, field) => {
    const codec = codecOf({ dialect });
    const { encode } = codec;
    expect(encode.answer(ANSWER)).toBeNull();
    expect(parse(encode.error(REFUSAL).body)).toMatchObject({ error: { param: field } });
    expect(encode.openTail().refuse('No secrets.')).toEqual([]);
    const decoder = codec.openStream(FRAMINGS.sse);
    expect([decoder.push(Buffer.alloc(0)).ok, decoder.end().ok]).toEqual([false, false]);
  });

  it.each([
    ['anthropic-count-tokens', 'anthropic'],
    ['anthropic-models', 'anthropic'],
    ['gemini-count-tokens', 'gemini'],
    ['gemini-embeddings', 'gemini'],
    ['gemini-models', 'vertex'],
  ] as const)('is an error of the provider in %s', (dialect, provider) => {
    const { encode } = codecOf({ dialect });
    expect(encode.answer(ANSWER)).toBeNull();
    expect(encode.error(REFUSAL)).toEqual(encoderOf(provider).error(REFUSAL));
  });
});
