import { describe, expect, it } from '@jest/globals';
import { PosternError, type Upstream } from '../../../../src/exchange/index.ts';
import { OPERATIONS } from '../../../../src/gate/decode/index.ts';
import { readHead, routeRequest } from '../../../../src/gate/intercept/index.ts';
import { SPELLINGS } from '../../../support/raw-paths.ts';

const PROVIDERS = [...new Set(OPERATIONS.map(({ provider }) => provider))];
const UPSTREAMS = new Map(
  PROVIDERS.map((provider): [string, Upstream] => [
    `to-${provider}`,
    { name: `to-${provider}`, provider, url: new URL('http://127.0.0.1') },
  ]),
);
const FORM = { 'content-type': 'multipart/form-data; boundary=b' };

/** What became of a target: the path of its operation, or the code of its refusal. */
function pathOf(method: string, url: string): string {
  const rawHeaders = Object.entries({ host: 'localhost', ...FORM }).flat();
  try {
    return routeRequest(readHead({ method, url, httpVersion: '1.1', rawHeaders }), UPSTREAMS).operation.path;
  } catch (error) {
    if (error instanceof PosternError) return error.code;
    throw error;
  }
}

const REFUSED = ['POSTERN_E_BAD_REQUEST', 'POSTERN_E_UNKNOWN_UPSTREAM', 'POSTERN_E_UNKNOWN_OPERATION'];
const KNOWN = OPERATIONS.map(({ provider, operation: { method, path } }) => ({
  upstream: `to-${provider}`,
  method,
  path,
  concrete: path
    .replaceAll(/\{[a-z_]+:claude\}/g, 'anthropic.2024-10-21')
    .replaceAll(/\{[a-z_]+(:aws)?\}/g, '2024-10-21'),
}));

describe('a path', () => {
  it('is known byte for byte', () => {
    for (const { upstream, method, path, concrete } of KNOWN)
      expect(pathOf(method, `/${upstream}${concrete}`)).toBe(path);
  });

  it.each(Object.entries(SPELLINGS))('is not mended, whatever the operation: %s', (_, spell) => {
    for (const { upstream, method, concrete } of KNOWN) {
      const target = spell(upstream, concrete);
      expect([target, REFUSED.includes(pathOf(method, target))]).toEqual([target, true]);
    }
  });

  it('is another one with another method', () => {
    for (const { upstream, concrete } of KNOWN)
      for (const method of ['PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'get', ''])
        expect(pathOf(method, `/${upstream}${concrete}`)).toBe('POSTERN_E_UNKNOWN_OPERATION');
  });
});
