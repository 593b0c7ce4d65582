import { describe, expect, it } from '@jest/globals';
import { describeFault, findOperation, listOtherQueries } from '../../../../src/gate/decode/index.ts';
import { OPERATIONS } from '../../../../src/gate/decode/registry.ts';

describe('the registry of operations', () => {
  it('finds each of its entries, for its own provider alone', () => {
    for (const { provider, operation } of OPERATIONS) {
      const target = operation.path
        .replaceAll(/\{[a-z]+:claude\}/g, 'anthropic.a-1')
        .replaceAll(/\{[a-z:]+\}/g, 'a-1');
      expect(findOperation(provider, operation.method, target)?.operation).toBe(operation);
      const other = provider === 'anthropic' ? 'openai' : 'anthropic';
      expect(findOperation(other, operation.method, target)?.operation.dialect).not.toBe(operation.dialect);
    }
  });

  it.each([
    ['GET', '/v1/chat/completions'],
    ['post', '/v1/chat/completions'],
    ['POST', '/v1/chat/completions/'],
    ['POST', '//v1/chat/completions'],
    ['POST', '/v1/./chat/completions'],
    ['POST', '/v1/chat%2fcompletions'],
    ['POST', '/V1/chat/completions'],
    ['POST', '/v1/chat/completions?stream=true'],
    ['POST', '/v1/responses/resp_1'],
    ['GET', '/v1/responses'],
    ['POST', ''],
  ])('does not know %s %s', (method, path) => {
    expect(findOperation('openai', method, path)).toBeNull();
  });
});

describe('a path that leaves room', () => {
  const target = (model: string, query = '?api-version=2024-10-21'): string =>
    `/openai/deployments/${model}/chat/completions${query}`;
  const find = (path: string) => findOperation('azure', 'POST', path);

  it.each(['gpt-4o', 'GPT_4.1', 'a@b', '4', 'x'.repeat(128)])('names a model: %s', (model) => {
    expect(find(target(model))?.address).toEqual({ path: target(model), model });
  });

  it.each(
    ['', '.', '..', '.a', '-a', '@a', 'a b', 'a/b', 'a%2fb', 'a%41', 'a:b', 'a;b', 'a+b', 'é', 'a\n'].concat([
      'a\\b',
      '{model}',
      'x'.repeat(129),
    ]),
  )('is another path where that is no plain name: %j', (model) => {
    expect(find(target(model))).toBeNull();
  });

  it.each([
    '',
    '?',
    '?api-version=',
    '?api-version=..',
    '?API-version=1',
    '?api-version=1&a=b',
    '?a=b&api-version=1',
    '?api-version=1&api-version=2',
    '?api-version=1#f',
    '?api-version=1%20',
    '?api-version=1;a=b',
    '??api-version=1',
  ])('is known with its own query alone, not with %j', (query) => {
    expect(find(target('m', query))).toBeNull();
  });

  it('names none where only its query leaves room', () => {
    const path = '/openai/v1/chat/completions?api-version=preview';
    expect(find(path)?.address).toEqual({ path });
    expect(find('/openai/v1/chat/completions')?.address).toBeUndefined();
  });

  it('is told apart from what nobody knows by its query', () => {
    expect(listOtherQueries('azure', target('m', '?x=1'))).toEqual([
      '/openai/deployments/{model}/chat/completions?api-version={version}',
    ]);
    expect(listOtherQueries('azure', '/openai/files?x=1')).toEqual([]);
    expect(listOtherQueries('openai', target('m'))).toEqual([]);
  });
});

describe('a path that names a model of AWS', () => {
  const find = (model: string) => findOperation('bedrock', 'POST', `/model/${model}/converse`)?.address;
  const profile = 'us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-5-5-v1:0';

  it.each([
    ['amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    ['amazon.nova-lite-v1%3A0', 'amazon.nova-lite-v1:0'],
    ['global.anthropic.claude-sonnet-5-5-v1%3A0%3A200k', 'global.anthropic.claude-sonnet-5-5-v1:0:200k'],
    [`arn:aws:bedrock:${profile.replace('/', '%2F')}`, `arn:aws:bedrock:${profile}`],
    [encodeURIComponent(`arn:aws:bedrock:${profile}`), `arn:aws:bedrock:${profile}`],
    [
      encodeURIComponent('arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/meta.llama3-8b'),
      'arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/meta.llama3-8b',
    ],
    [
      encodeURIComponent('arn:aws:bedrock:eu-west-1:123456789012:custom-model/amazon.nova/abc123def456'),
      'arn:aws:bedrock:eu-west-1:123456789012:custom-model/amazon.nova/abc123def456',
    ],
    [
      encodeURIComponent('arn:aws:sagemaker:eu-west-1:123456789012:endpoint/own'),
      'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/own',
    ],
  ])('says it in one spelling, and goes on as it was written: %s', (written, model) => {
    expect(find(written)).toEqual({ path: `/model/${written}/converse`, model });
  });

  it.each([
    ['anthropic.claude-sonnet-5-5-v1%3A0', true],
    ['eu.anthropic.claude-sonnet-5-5-v1:0', true],
    [encodeURIComponent(`arn:aws:bedrock:${profile}`), true],
    ['amazon.nova-lite-v1:0', false],
    ['anthropicxclaude', false],
    ['anthropic.%2E%2E', false],
    ['meta.llama3-8b-instruct-v1:0/invoke?anthropic.', false],
  ])('invokes those of which the body is known: %s, %s', (written, isKnown) => {
    for (const end of ['invoke', 'invoke-with-response-stream'])
      expect(findOperation('bedrock', 'POST', `/model/${written}/${end}`) !== null).toBe(isKnown);
  });

  it.each([
    '',
    '.',
    '..',
    '%2E%2E',
    'a/b',
    'a%2Fb',
    'a%2F..%2Fb',
    'a%3a0',
    'a%253A0',
    '%3Aa',
    'a%41',
    'a%00',
    'a\\b',
    'a;b',
    'a@b',
    'é',
    'x'.repeat(129),
    `arn:aws:bedrock:${profile}`,
    `arn:aws:bedrock:${profile.replace('/', '%2f')}`,
    'arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Amodel%2F..%2Fx',
    'arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Amodel%2F.hidden',
    'arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Amodel%2Fa%2Fb%2Fc',
    'arn%3Aaws%3As3%3Aus-east-1%3A1%3Amodel%2Fa',
  ])('is another path where that is no name of AWS: %j', (model) => {
    expect(find(model)).toBeUndefined();
  });

  it('has escapes for nobody else', () => {
    expect(findOperation('gemini', 'POST', '/v1beta/models/a%3A0:generateContent')).toBeNull();
  });
});

describe('describeFault', () => {
  it('says what and where', () => {
    expect(describeFault({ code: 'json.syntax', offset: 7 })).toBe('json.syntax at byte 7.');
    expect(describeFault({ code: 'request.n_type', offset: 9, path: '/n' })).toBe(
      'request.n_type at path /n, byte 9.',
    );
    expect(describeFault({ code: 'sse.unterminated' })).toBe('sse.unterminated.');
  });
});
