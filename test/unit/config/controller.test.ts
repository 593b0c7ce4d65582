import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  formatIssue,
  parseControllerConfig,
  VERSION,
  type InjectionSettings,
} from '../../../src/config/index.ts';

const parse = (text: string, env = {}) => parseControllerConfig({ file: 'controller.yaml', text, env });

function accepted(text: string, env = {}): InjectionSettings {
  const parsed = parse(text, env);
  if (!parsed.ok) throw new Error(parsed.error.map(formatIssue).join('\n'));
  return parsed.value.injection;
}

function refused(text: string): string[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.error.map(formatIssue);
}

describe('the settings of the controller', () => {
  it('need not say anything', () => {
    const settings = accepted('');
    expect(settings.isDefault).toBe(false);
    expect(settings.interception).toBe('auto');
    expect(settings.image.reference).toBe(`postern:${VERSION}`);
    expect(settings.sidecar.upstreams.map(({ name }) => name)).toEqual(['openai', 'anthropic']);
    expect(Object.keys(settings.sidecar.written)).toEqual(['upstreams']);
  });

  it('name the account that it runs as, by its Service where nothing else is said', () => {
    const accountIn = (text: string): string => {
      const parsed = parse(text);
      return parsed.ok ? parsed.value.account : '';
    };
    const place = 'injection: {namespace: guard, service: gate}';
    expect(accountIn(place)).toBe('system:serviceaccount:guard:gate');
    expect(accountIn(`account: keeper\n${place}`)).toBe('system:serviceaccount:guard:keeper');
  });

  it('keep what sidecars are told as it was written, from the environment too', () => {
    const settings = accepted('injection: {sidecar: {limits: {exchanges: 8}}}', {
      POSTERN__INJECTION__SIDECAR__UPSTREAMS: '{a: {provider: ollama, url: "http://127.0.0.1:1"}}',
    });
    expect(settings.sidecar.written).toEqual({
      limits: { exchanges: 8 },
      upstreams: { a: { provider: 'ollama', url: 'http://127.0.0.1:1' } },
    });
    expect(settings.sidecar.upstreams.map(({ name }) => name)).toEqual(['a']);
  });

  it.each([
    ['injection: {wat: 1}', 'controller.yaml: injection.wat: is not a known setting'],
    [
      'injection: {sidecar: {upstreams: {a: {provider: openai, url: "http://x"}}}}',
      'injection.sidecar.upstreams.a.url: http:// is only for loopback',
    ],
    [
      'injection: {sidecar: {interception: {trust_directory: /x}}}',
      'trust_directory: is not a known setting',
    ],
    ['injection: {sidecar: {limits: {buffered_bytes: 1048576}}}', 'limits.buffered_bytes: must be at least'],
    ['injection: {uid_range: {first: 20000, last: 20010}}', 'injection.uid_range: must hold more than'],
    ['injection: {uid_range: {first: 1}}', 'injection.uid_range.first: '],
    [
      'injection: {resources: {requests: {cpu: many}}}',
      'injection.resources.requests.cpu: must be an amount',
    ],
    ['injection: {resources: {requests: {memory: 1Gi}}}', 'injection.resources: requests must not be more'],
    [
      'injection: {cluster: {ranges: ["10.0.0.0/33"]}}',
      'injection.cluster.ranges.0: must be an address or a network',
    ],
    ['injection: {sidecar: {interception: {strict: true}}}', 'injection.cluster.resolvers: is missing'],
  ])('are refused as %s', (text, problem) => {
    expect(refused(text).join('\n')).toContain(problem);
  });

  it('call themselves by the version of the package', () => {
    const manifest = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
    ) as object;
    expect(manifest).toHaveProperty('version', VERSION);
  });
});
