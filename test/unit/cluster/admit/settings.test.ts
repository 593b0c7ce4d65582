// What annotations may say, and what becomes of it.
import { describe, expect, it } from '@jest/globals';
import {
  APPROVED,
  CANDIDATE_LIMIT,
  CANDIDATE_PERCENT,
  PIN,
  POLICY_CHANNEL,
} from '../../../../src/cluster/distribute/names.ts';
import { admit, deniedFor, NAMESPACE, patched, podOf } from '../../../support/admission.ts';

const annotated = (annotations: Readonly<Record<string, string>>): object =>
  podOf(
    {},
    {
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [`postern.dev/${key}`, value]),
      ),
    },
  );

describe('an annotation', () => {
  it.each([
    [
      'interception',
      'Redirect',
      'it is to be one of auto, redirect, hosts, env, proxy; did you mean redirect?',
    ],
    ['policy-channel', 'candidate', 'not an annotation of pods but an annotation of namespaces'],
    ['include-outbound-ports', '443,99999', '"99999" is no port'],
    ['include-outbound-ports', '08', '"08" is no port'],
    ['include-outbound-ports', Array.from({ length: 65 }, (_, index) => index + 1).join(), 'more than 64'],
    ['exclude-outbound-cidrs', '10.0.0.0/8/8', 'is no network'],
    ['exclude-outbound-cidrs', '10.0.0.0/8 } accept', 'is no network'],
    ['exclude-outbound-cidrs', 'fe80::1%eth0/64', 'is no network'],
    ['proxy-cpu-limit', '1 cpu', 'an amount such as'],
    ['proxy-memory-limit', '0', 'an amount such as'],
    [
      'proxy-memory-request',
      '1Gi',
      'would request 1Gi of memory, and be limited to 256Mi: set postern.dev/proxy-memory-limit',
    ],
    ['proxy-image', 'evil:1', 'the controller does not allow this image'],
    ['skip-containers', 'chet', 'there is no container "chet"; did you mean chat?'],
    ['credentials-secret', 'Bad_Name', 'the name of a Secret'],
    [
      'credentials-secret',
      'keys:opnai',
      'there is no upstream "opnai" that lacks a key; did you mean openai?',
    ],
    ['credentials-secret', 'keys:', 'there is no upstream ""'],
    ['inject', 'yes', 'is to be enabled, disabled, true or false'],
  ])('%s is refused as %j', (key, value, message) => {
    expect(deniedFor({ pod: annotated({ [key]: value }) })).toContain(message);
  });

  it('of a namespace is inherited, and its mistakes are the namespace’s', () => {
    const namespace = {
      ...NAMESPACE,
      annotations: { 'postern.dev/interception': 'hosts', 'postern.dev/policy-channel': 'candidate' },
    };
    expect(patched({ pod: podOf(), namespace }).status).toMatchObject({ mode: 'hosts' });
    expect(patched({ pod: annotated({ interception: 'env' }), namespace }).status.mode).toBe('env');
    const wrong = { ...NAMESPACE, annotations: { 'postern.dev/interception': 'host' } };
    expect(deniedFor({ pod: podOf(), namespace: wrong })).toContain('of the namespace is "host"');
  });

  it('that stands in the wrong place says so', () => {
    const namespace = { ...NAMESPACE, annotations: { 'postern.dev/require': 'true' } };
    expect(deniedFor({ pod: podOf(), namespace })).toBe(
      'postern.dev/require is not an annotation of namespaces but a label of namespaces',
    );
    expect(deniedFor({ pod: annotated({ require: 'true' }) })).toContain('but a label of namespaces');
    expect(deniedFor({ pod: podOf({}, { labels: { 'postern.dev/interception': 'env' } }) })).toContain(
      'but an annotation of pods or an annotation of namespaces',
    );
  });

  it('of another prefix of ours is not known either, and one of others is not ours', () => {
    expect(deniedFor({ pod: podOf({}, { annotations: { 'alpha.postern.dev/x': '1' } }) })).toContain(
      'alpha.postern.dev/x is not',
    );
    expect(deniedFor({ pod: podOf({}, { annotations: { 'Postern.dev/inject': '1' } }) })).toContain(
      'Postern.dev/inject is not',
    );
    expect(
      admit({ pod: podOf({}, { annotations: { 'my-postern.dev/x': '1', 'postern.dev.corp/y': '1' } }) }).kind,
    ).toBe('patch');
  });

  it('that counts in one mode alone warns in the others', () => {
    const pod = annotated({ interception: 'env', 'include-outbound-ports': '8443' });
    expect(patched({ pod }).warnings).toEqual([
      'ports and networks count in mode redirect alone, and this is env',
    ]);
  });
});

describe('the annotations of a namespace that are about its policies', () => {
  it.each([PIN, POLICY_CHANNEL, CANDIDATE_PERCENT, CANDIDATE_LIMIT, APPROVED])(
    'refuse no pod: %s',
    (annotation) => {
      const namespace = { ...NAMESPACE, annotations: { [annotation]: 'stable' } };
      expect(admit({ pod: podOf(), namespace }).kind).toBe('patch');
    },
  );
});

describe('the ports that are led to Postern', () => {
  it('are the usual ones, those of upstreams and corporate proxies, and those that were asked for', () => {
    const pod = podOf(
      { containers: [{ name: 'chat', env: [{ name: 'https_proxy', value: 'proxy.corp:3128' }] }] },
      { annotations: { 'postern.dev/include-outbound-ports': '9443' } },
    );
    const settings = {
      injection: {
        sidecar: { upstreams: { vllm: { provider: 'openai-compatible', url: 'https://vllm.llm:8000' } } },
      },
    };
    const text = JSON.stringify(patched({ pod, settings }).operations);
    expect(text).toContain('tcp dport { 443, 80, 8000, 3128, 9443 } redirect to :7413');
  });
});
