import { describe, expect, it } from '@jest/globals';
import { formatIssue, parseConfig, type Config } from '../../../src/config/index.ts';

const MINIMAL = `
upstreams:
  openai: {provider: openai, url: "https://api.openai.com"}
policy: {directory: ./policies}
`;

const parse = (text: string, env = {}) => parseConfig({ file: 'postern.yaml', text, env });

function accepted(text: string, env = {}): Config {
  const parsed = parse(text, env);
  if (!parsed.ok) throw new Error(parsed.error.map(formatIssue).join('\n'));
  return parsed.value;
}

function refused(text: string, env = {}): string[] {
  const parsed = parse(text, env);
  return parsed.ok ? [] : parsed.error.map(formatIssue);
}

describe('a configuration', () => {
  it('needs upstreams and a policy directory, and has defaults for the rest', () => {
    const config = accepted(MINIMAL);
    expect(config.listen.http).toEqual({ host: '127.0.0.1', port: 7411 });
    expect(config.listen.admin).toEqual({ host: '127.0.0.1', port: 7490 });
    expect(config.upstreams.get('openai')?.url.href).toBe('https://api.openai.com/');
    expect(config.audit).toEqual({ file: null, required: false, facts: false });
    expect(config.policy.candidate).toBeNull();
    expect(config.telemetry.otlp).toBeNull();
  });

  it('may be JSON', () => {
    const json = {
      upstreams: { claude: { provider: 'anthropic', url: 'https://api.anthropic.com' } },
      policy: { directory: 'p' },
    };
    expect(accepted(JSON.stringify(json)).upstreams.get('claude')?.provider).toBe('anthropic');
  });

  it('takes settings from the environment, typed as YAML would', () => {
    const env = {
      POSTERN__LISTEN__HTTP: '127.0.0.1:9000',
      POSTERN__LIMITS__EXCHANGES: '7',
      POSTERN_SERVICE_HOST: '10.0.0.1',
    };
    const config = accepted(MINIMAL, env);
    expect(config.listen.http.port).toBe(9000);
    expect(config.limits.exchanges).toBe(7);
  });

  it('names every problem at once, each with its place', () => {
    const problems = refused(
      `
listen: {htp: x, http: "127.0.0.1"}
upstreams:
  Open AI: {provider: openai, url: "https://api.openai.com"}
  plain: {provider: opnai, url: "http://api.example.com"}
polcy: {}
limits: {exchanges: 0}
`,
      { POSTERN__AUDIT__REQUIRED: 'true' },
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        'postern.yaml: listen.htp: is not a known setting',
        'postern.yaml: listen.http: must be <ip>:<port>, e.g. "127.0.0.1:7411"',
        'postern.yaml: polcy: is not a known setting',
        'postern.yaml: policy: is missing (object)',
        expect.stringContaining('postern.yaml: upstreams.Open AI: '),
        expect.stringContaining('postern.yaml: upstreams.plain.provider: '),
        expect.stringContaining('postern.yaml: limits.exchanges: '),
        'POSTERN__AUDIT__REQUIRED: audit: required: true needs a file',
      ]),
    );
  });

  it.each([
    ['plain http beyond loopback', 'url: "http://llm.example.com"', 'http:// is only for loopback'],
    ['credentials in the URL', 'url: "https://key@llm.example.com"', 'must not hold credentials'],
    ['a query', 'url: "https://llm.example.com/?key=1"', 'must not hold a query'],
    ['another scheme', 'url: "ftp://llm.example.com"', 'must be an http:// or https:// URL'],
  ])('refuses an upstream with %s', (_, url, message) => {
    const problems = refused(`upstreams: {x: {provider: openai, ${url}}}\npolicy: {directory: p}`);
    expect(problems).toEqual([expect.stringContaining(`postern.yaml: upstreams.x.url: ${message}`)]);
  });

  it('admits plain http to loopback, and elsewhere by consent', () => {
    const upstreams =
      'a: {provider: openai, url: "http://127.0.0.1:1"}\n  b: {provider: openai, url: "http://b.example", allow_plain_http: true}';
    expect(accepted(`upstreams:\n  ${upstreams}\npolicy: {directory: p}`).upstreams.size).toBe(2);
  });

  it('gives row and column for text that is not YAML', () => {
    expect(refused('a: 1\nb: [\n')).toEqual([expect.stringMatching(/^postern\.yaml:\d+:\d+: /)]);
    expect(refused('a: 1\na: 2\n')).toEqual([expect.stringMatching(/^postern\.yaml:2:1: .*duplicat/)]);
  });

  it('does not take __proto__ for anything but an unknown setting', () => {
    expect(refused(MINIMAL, { POSTERN____PROTO____POLLUTED: 'true' }).length).toBeGreaterThan(0);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
