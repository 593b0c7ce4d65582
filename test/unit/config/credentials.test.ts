import { describe, expect, it } from '@jest/globals';
import { formatIssue, parseConfig, type ConfiguredUpstream } from '../../../src/config/index.ts';

const HASH = 'a'.repeat(64);

const parse = (upstream: object) =>
  parseConfig({
    file: 'postern.yaml',
    text: JSON.stringify({
      upstreams: { a: { provider: 'openai', url: 'https://api.openai.com', ...upstream } },
      policy: { directory: 'p' },
    }),
    env: {},
  });

function accepted(upstream: object): ConfiguredUpstream | undefined {
  const parsed = parse(upstream);
  if (!parsed.ok) throw new Error(parsed.error.map(formatIssue).join('\n'));
  return parsed.value.upstreams.get('a');
}

const refused = (upstream: object): string[] => {
  const parsed = parse(upstream);
  return parsed.ok ? [] : parsed.error.map(formatIssue);
};

describe('an upstream', () => {
  it('is reached by the credentials of its callers, any of them, where nothing is said', () => {
    expect(accepted({})).toMatchObject({ credential: null, sign: null, accounts: null });
    expect(accepted({})).not.toHaveProperty('isBound');
  });

  it('is bound by a key of ours', () => {
    expect(accepted({ credential: { file: '/k' } })).toMatchObject({
      isBound: true,
      credential: { file: '/k', header: null, placeholder: null },
    });
    expect(
      accepted({ credential: { file: '/k', header: 'x-api-key', placeholder: 'p' } })?.credential,
    ).toEqual({
      file: '/k',
      header: 'x-api-key',
      placeholder: 'p',
    });
  });

  it('is not bound by a list of accounts', () => {
    expect(accepted({ accounts: { allow: [HASH] } })).toMatchObject({
      accounts: { saltFile: null, allow: [HASH], organizations: null, projects: null },
    });
    expect(accepted({ accounts: { salt_file: '/s', projects: ['p'] } })).not.toHaveProperty('isBound');
  });

  it.each<[string, object, string]>([
    ['no file', { credential: {} }, 'credential.file: is missing'],
    ['an unknown header', { credential: { file: '/k', header: 'cookie' } }, 'credential.header: '],
    [
      'a placeholder with a blank',
      { credential: { file: '/k', placeholder: 'a b' } },
      'must be visible ASCII',
    ],
    ['the key itself', { credential: { key: 'sk-1', file: '/k' } }, 'credential.key: is not a known setting'],
    [
      'a key and a signature',
      {
        provider: 'bedrock',
        credential: { file: '/k' },
        sign: { region: 'eu-west-1', credentials_file: '/c' },
      },
      'credential: and sign: one of them vouches',
    ],
    [
      'a key in the clear',
      { url: 'http://api.example.com', credential: { file: '/k' } },
      'url: http:// is only for loopback',
    ],
    ['accounts of nobody', { accounts: {} }, 'must name allow, organizations or projects'],
    ['accounts with nothing but a salt', { accounts: { salt_file: '/s' } }, 'must name allow'],
    ['an empty list', { accounts: { allow: [] } }, 'accounts.allow: '],
    ['a key where a hash belongs', { accounts: { allow: ['sk-1'] } }, 'must be 64 hex digits'],
    ['a hash in capitals', { accounts: { allow: ['A'.repeat(64)] } }, 'must be 64 hex digits'],
  ])('is refused with %s', (_, upstream, problem) => {
    expect(refused(upstream).join('\n')).toContain(problem);
  });

  it('may have its key sent in the clear to loopback, or with consent', () => {
    for (const url of [{ url: 'http://127.0.0.1:1' }, { url: 'http://llm.example', allow_plain_http: true }])
      expect(accepted({ ...url, credential: { file: '/k' } })?.isBound).toBe(true);
  });
});
