import { describe, expect, it } from '@jest/globals';
import { describeFault, findOperation } from '../../../../src/gate/decode/index.ts';
import { OPERATIONS } from '../../../../src/gate/decode/registry.ts';

describe('the registry of operations', () => {
  it('finds each of its entries, for its own provider alone', () => {
    for (const { provider, operation } of OPERATIONS) {
      expect(findOperation(provider, operation.method, operation.path)).toBe(operation);
      const other = provider === 'openai' ? 'anthropic' : 'openai';
      expect(findOperation(other, operation.method, operation.path)).toBeNull();
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
    ['POST', '/v1/responses'],
    ['POST', ''],
  ])('does not know %s %s', (method, path) => {
    expect(findOperation('openai', method, path)).toBeNull();
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
