import { describe, expect, it } from '@jest/globals';
import { codecOf, findOperation } from '../../../../src/gate/decode/index.ts';

const PLACE = '/v1/projects/my-project-1/locations/us-central1/publishers';
const GOOGLE = `${PLACE}/google/models/gemini-3-flash`;
const ANTHROPIC = `${PLACE}/anthropic/models/claude-sonnet-4@20250514`;

const find = (target: string, method = 'POST') => findOperation('vertex', method, target);

describe('the operations of Vertex', () => {
  it.each([
    [`${GOOGLE}:generateContent`, { dialect: 'gemini', stream: false }],
    [`${GOOGLE}:streamGenerateContent?alt=sse`, { dialect: 'gemini', stream: true }],
    [`${GOOGLE}:streamGenerateContent`, { dialect: 'gemini', stream: true, framing: 'json_array' }],
    [`${GOOGLE}:countTokens`, { dialect: 'gemini-count-tokens' }],
    [`${GOOGLE}:embedContent`, { dialect: 'gemini-embeddings' }],
    [`${ANTHROPIC}:rawPredict`, { dialect: 'anthropic-messages', stream: false }],
    [`${ANTHROPIC}:streamRawPredict`, { dialect: 'anthropic-messages', stream: true }],
  ])('name the model that the upstream honours: %s', (target, operation) => {
    const found = find(target);
    expect(found).toMatchObject({ operation, address: { path: target } });
    expect(target).toContain(`/models/${String(found?.address?.model)}:`);
    expect(find(target.replace('/v1/', '/v1beta1/'))?.operation.dialect).toBe(operation.dialect);
  });

  it('are there without a project too, for callers with a key', () => {
    const target = '/v1beta1/publishers/google/models/gemini-3-flash:generateContent';
    expect(find(target)?.address?.model).toBe('gemini-3-flash');
    expect(find('/v1beta1/publishers/google/models', 'GET')?.operation.dialect).toBe('gemini-models');
  });

  it('count for Anthropic by a model that counts, and the body names the one that is meant', () => {
    const found = find(`${PLACE}/anthropic/models/count-tokens:rawPredict`);
    expect(found?.operation.dialect).toBe('anthropic-count-tokens');
    expect(found?.address?.model).toBeUndefined();
  });

  it.each([
    `${GOOGLE}:predict`,
    `${GOOGLE}:rawPredict`,
    `${GOOGLE}:predictLongRunning`,
    `${GOOGLE}:generateContent?key=k`,
    `${GOOGLE}:generateContent?$alt=json`,
    `${ANTHROPIC}:generateContent`,
    `${ANTHROPIC}:predict`,
    `${ANTHROPIC}:rawPredict?alt=sse`,
    `${PLACE}/anthropic/models/a%2Fb:rawPredict`,
    `${PLACE}/meta/models/llama-4:rawPredict`,
    `${PLACE}/google/models/../anthropic/models/m:rawPredict`,
    '/v1/projects/p/locations/l/endpoints/123:generateContent',
    '/v1/projects/p/locations/l/endpoints/123:predict',
    '/v1/projects/p/locations/l/endpoints/openapi/chat/completions',
    '/v1/projects/example.com:p/locations/l/publishers/google/models/m:generateContent',
    '/v1beta1/publishers/anthropic/models/claude-sonnet-4:rawPredict',
    '/v1/models/gemini-3-flash:generateContent',
  ])('are not to be had otherwise: %s', (target) => {
    expect(find(target)).toBeNull();
  });
});

describe('a message whose path names the model', () => {
  const messages = codecOf({ dialect: 'anthropic-messages' });
  const decode = (more: object, asked: object) =>
    messages.decodeRequest(
      Buffer.from(
        JSON.stringify({
          anthropic_version: 'vertex-2023-10-16',
          max_tokens: 9,
          messages: [{ role: 'user', content: 'Hello.' }],
          ...more,
        }),
      ),
      asked,
    );
  const ASKED = { model: 'claude-sonnet-4@20250514', stream: true };

  it('is for that model, and streams as the path says', () => {
    expect(decode({}, ASKED)).toMatchObject({ value: { ...ASKED, coverage: { unknownFields: 0 } } });
    expect(decode({ stream: true }, ASKED)).toMatchObject({ value: ASKED });
    expect(decode({ model: ASKED.model, stream: null }, ASKED).ok).toBe(true);
  });

  it.each([
    ['request.model_conflict', { model: 'claude-opus-4' }, ASKED],
    ['request.stream_conflict', { stream: false }, ASKED],
    ['request.stream_conflict', { stream: true }, { ...ASKED, stream: false }],
    ['request.model_type', {}, {}],
  ])('is refused where the body says otherwise: %s', (code, more, asked) => {
    expect(decode(more, asked)).toMatchObject({ error: { code } });
  });
});

describe('what is embedded', () => {
  const embeddings = codecOf({ dialect: 'gemini-embeddings' });
  const content = { parts: [{ text: 'Hello.' }] };
  const decode = (body: object) =>
    embeddings.decodeRequest(Buffer.from(JSON.stringify(body)), { model: 'gemini-embedding-001' });

  it('is the user’s, a turn each', () => {
    const requests = [{ content }, { model: 'models/gemini-embedding-001', content }];
    expect(decode({ requests })).toMatchObject({
      value: {
        model: 'gemini-embedding-001',
        parts: expect.arrayContaining([
          expect.objectContaining({ turn: 0, origin: 'user', text: 'Hello.' }),
          expect.objectContaining({ turn: 1, origin: 'user', text: 'Hello.' }),
        ]),
      },
    });
  });

  it.each([
    { model: 'models/another', content },
    { requests: [{ model: 'models/another', content }] },
    { requests: [{ model: 1, content }] },
  ])('is embedded by the model of the path: %j', (body) => {
    expect(decode(body).ok).toBe(false);
  });
});
