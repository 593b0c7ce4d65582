import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SECTIONS } from '../../../../src/cli/check/index.ts';
import { INSTALLED } from '../../../../src/cli/check/rights.ts';
import type { Facts } from '../../../../src/cli/check/facts.ts';
import type { Finding } from '../../../../src/cli/check/check.ts';
import { makeIdentity } from '../../../../src/demo/certificate.ts';
import { err, ok } from '../../../../src/lib/result.ts';
import { VERSION } from '../../../../src/config/index.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const named = (name: string, more: object = {}) => ({ metadata: { name, ...more } });

const { cert } = await makeIdentity('127.0.0.1');
const expiry = Date.parse(new X509Certificate(cert).validTo);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hook = (more: object = {}) => ({
  name: 'pods.inject.postern.dev',
  failurePolicy: 'Fail',
  clientConfig: { caBundle: base64(cert) },
  ...more,
});
const hooks = (more: object = {}) => ok([{ ...named('postern'), webhooks: [hook(more)] }]);
const statusOf = (status: object) =>
  ok([
    {
      metadata: { name: 'postern-policy-status', namespace: 'shop' },
      data: {
        'status.json': JSON.stringify({
          state: 'ok',
          digest: 'd',
          acknowledged: 1,
          pods: 1,
          channel: 'newest',
          pin: null,
          sources: null,
          issues: [],
          byPod: [],
          ...status,
        }),
      },
    },
  ]);
const sidecar = { name: 'postern', image: 'postern:1' };
const GRADED = { version: VERSION, mode: 'redirect', grade: 'enforced', uid: 1, containers: [], volumes: [] };
interface PodParts {
  readonly labels?: object;
  readonly status?: object;
  readonly said?: object;
  readonly spec?: object;
}
const podOf = ({ labels = {}, status = {}, said = GRADED, spec = {} }: PodParts = {}) => ({
  metadata: {
    name: 'bot',
    namespace: 'shop',
    labels: { 'postern.dev/injected': 'true', 'postern.dev/proxy-version': VERSION, ...labels },
    annotations: { 'postern.dev/status': JSON.stringify(said) },
  },
  spec: { initContainers: [sidecar], containers: [{ name: 'app' }], ...spec },
  status: { phase: 'Running', initContainerStatuses: [{ name: 'postern', ready: true }], ...status },
});

/** A cluster in which all is well. */
const WELL: Facts = {
  nowMs: NOW,
  platform: 'postern-system',
  namespace: 'shop',
  version: ok({ gitVersion: 'v1.30.0', major: '1', minor: '30+' }),
  admissionApi: ok({ resources: [{ name: 'validatingadmissionpolicies' }] }),
  installRights: [{ what: 'create roles', isAllowed: true }],
  deployments: ok([
    {
      ...named('postern', { labels: { 'app.kubernetes.io/version': VERSION } }),
      spec: { replicas: 2 },
      status: { readyReplicas: 2, updatedReplicas: 2 },
    },
  ]),
  leases: ok([
    {
      ...named('postern-controller'),
      spec: { holderIdentity: 'one', renewTime: '2025-12-31T23:59:58.000000Z', leaseDurationSeconds: 15 },
    },
  ]),
  slices: ok([{ ...named('postern-x'), endpoints: [{ conditions: { ready: true } }] }]),
  mutating: hooks(),
  validating: hooks(),
  admissionPolicies: ok([named('postern-sidecar')]),
  bindings: ok([{ ...named('b'), spec: { policyName: 'postern-sidecar', validationActions: ['Deny'] } }]),
  secrets: ok([{ ...named('postern-webhook-tls'), data: { 'tls.crt': base64(cert) } }]),
  images: ok([{ reference: 'postern:1', pullPolicy: 'Always', pullSecrets: [], allowed: [], previous: [] }]),
  statuses: statusOf({}),
  namespaces: ok([named('shop', { labels: { 'postern.dev/inject': 'enabled' } })]),
  pods: ok([podOf()]),
  trial: ok(podOf()),
};

const CHECKS = SECTIONS.flatMap(({ checks }) => checks);
const judge = (id: string, facts: Partial<Facts>): Finding => {
  const check = CHECKS.find((each) => each.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  return check.judge({
    ...WELL,
    nowMs: id === 'certificate-days' ? expiry - 60 * 86_400_000 : NOW,
    ...facts,
  });
};

type Case = readonly [id: string, facts: Partial<Facts>, status: Finding['status'], line: RegExp];
const CASES: readonly Case[] = [
  [
    'kubernetes-version',
    { version: ok({ gitVersion: 'v1.29.9', major: '1', minor: '29' }) },
    'failed',
    /v1\.29\.9/,
  ],
  ['kubernetes-version', { version: ok({}) }, 'failed', /unknown/],
  ['admission-policies-served', { admissionApi: ok({ resources: [] }) }, 'failed', /not serve/],
  [
    'install-rights',
    { installRights: [{ what: 'create roles', isAllowed: false }] },
    'failed',
    /may not create roles/,
  ],
  [
    'install-rights',
    { installRights: [{ what: 'create roles', isAllowed: null }] },
    'skipped',
    /does not say/,
  ],
  ['install-once', {}, 'failed', /postern is installed already/],
  ['controller-ready', { deployments: ok([]) }, 'failed', /none in postern-system/],
  [
    'controller-ready',
    {
      deployments: ok([
        { ...named('postern'), spec: { replicas: 2 }, status: { readyReplicas: 2, updatedReplicas: 1 } },
      ]),
    },
    'failed',
    /1 of 2/,
  ],
  [
    'controller-ready',
    { deployments: ok([{ ...named('postern'), spec: { replicas: 0 } }]) },
    'failed',
    /0 of 0/,
  ],
  ['controller-version', { deployments: ok([named('postern')]) }, 'warning', /unknown, this is/],
  ['controller-leader', { leases: ok([]) }, 'failed', /nobody/],
  ['controller-leader', { nowMs: NOW + 60_000 }, 'failed', /one has not renewed the Lease for 62 s/],
  [
    'controller-reachable',
    { slices: ok([{ ...named('x'), endpoints: [{ conditions: { ready: false } }] }]) },
    'failed',
    /none/,
  ],
  ['webhooks-present', { mutating: ok([]) }, 'failed', /Mutating/],
  ['webhooks-present', { validating: ok([]) }, 'failed', /Validating/],
  [
    'webhooks-trust',
    { mutating: hooks({ clientConfig: {} }) },
    'failed',
    /pods\.inject\.postern\.dev has no certificate/,
  ],
  [
    'webhooks-trust',
    { validating: hooks({ clientConfig: { caBundle: 'bm9uZQ==' } }) },
    'failed',
    /has no certificate/,
  ],
  ['certificate-days', { nowMs: expiry - 28.5 * 86_400_000 }, 'failed', /28 days are left/],
  ['certificate-days', { secrets: ok([]) }, 'skipped', /no Secret/],
  ['certificate-days', { secrets: ok([named('empty')]) }, 'failed', /no certificate here is signed/],
  [
    'certificate-days',
    { mutating: hooks({ clientConfig: {} }), validating: ok([]) },
    'failed',
    /no certificate here is signed/,
  ],
  ['webhooks-strict', { mutating: hooks({ failurePolicy: 'Ignore' }) }, 'warning', /Ignore/],
  ['second-lock', { admissionPolicies: ok([]) }, 'failed', /none/],
  ['second-lock', { bindings: ok([]) }, 'failed', /postern-sidecar is not bound/],
  [
    'second-lock',
    {
      bindings: ok([{ ...named('b'), spec: { policyName: 'postern-sidecar', validationActions: ['Warn'] } }]),
    },
    'failed',
    /not bound to deny/,
  ],
  [
    'policies-distributed',
    {
      statuses: statusOf({
        state: 'error',
        issues: [{ configMap: 'shop/own', key: 'a.rego', row: 1, column: 2, code: 'c', message: 'No.' }],
      }),
    },
    'failed',
    /shop: error: shop\/own: a\.rego:1:2: No\./,
  ],
  ['policies-distributed', { statuses: statusOf({ state: 'degraded' }) }, 'failed', /shop: degraded/],
  ['policies-distributed', { statuses: statusOf({ state: 'fine' }) }, 'failed', /not understood/],
  [
    'policies-acknowledged',
    { statuses: statusOf({ state: 'pending', acknowledged: 0 }) },
    'warning',
    /0 of 1/,
  ],
  [
    'policies-candidate-held',
    {
      statuses: statusOf({
        candidate: {
          state: 'held',
          digest: 'a',
          percent: 0,
          obeying: 0,
          comparing: 1,
          sides: { compared: 100, newlyDenied: 9, newlyAllowed: 0, failed: 0 },
          hold: { digest: 'a', why: 'it changes 9 of 100 sides', at: '' },
          issues: [],
        },
      }),
    },
    'warning',
    /changes 9 of 100/,
  ],
  ['policies-pinned', { statuses: statusOf({ channel: 'pinned', pin: 'abc' }) }, 'warning', /pinned to abc/],
  ['pods-injected', { pods: ok([podOf({ spec: { initContainers: [] } })]) }, 'warning', /shop\/bot/],
  [
    'pods-injected',
    {
      namespaces: ok([named('shop')]),
      pods: ok([podOf({ labels: { 'postern.dev/inject': 'true' }, spec: { initContainers: [] } })]),
    },
    'warning',
    /shop\/bot/,
  ],
  [
    'pods-injected',
    {
      namespaces: ok([named('shop', { labels: { 'postern.dev/require': 'enabled' } })]),
      pods: ok([podOf({ spec: { initContainers: [] } })]),
    },
    'warning',
    /shop\/bot/,
  ],
  [
    'labels-understood',
    { namespaces: ok([named('shop', { labels: { 'postern.dev/require': 'yes' } })]) },
    'failed',
    /shop has postern.dev\/require=yes/,
  ],
  [
    'pods-genuine',
    { pods: ok([podOf({ spec: { initContainers: [{ name: 'postern', image: 'evil:1' }] } })]) },
    'failed',
    /shop\/bot runs evil:1/,
  ],
  [
    'pods-supported',
    { pods: ok([podOf({ labels: { 'postern.dev/proxy-version': '9.9.9' } })]) },
    'failed',
    /9\.9\.9/,
  ],
  [
    'pods-supported',
    { pods: ok([podOf({ labels: { 'postern.dev/proxy-version': 'x' } })]) },
    'failed',
    /has x/,
  ],
  [
    'pods-current',
    { pods: ok([podOf({ labels: { 'postern.dev/proxy-version': '0.0.9' } })]) },
    'warning',
    /0\.0\.9/,
  ],
  ['pods-ready', { pods: ok([podOf({ status: { initContainerStatuses: [] } })]) }, 'failed', /shop\/bot/],
  [
    'namespace-admits',
    { trial: err({ code: 'forbidden', message: 'pods "a" is forbidden: exceeded quota: small' }) },
    'failed',
    /exceeded quota/,
  ],
  [
    'namespace-admits',
    {
      trial: err({ code: 'forbidden', message: 'pods is forbidden: User "x" cannot create resource "pods"' }),
    },
    'skipped',
    /may not look/,
  ],
  ['namespace-admits', { trial: ok(podOf({ spec: { initContainers: [] } })) }, 'failed', /without one/],
  ['namespace-admits', { trial: null }, 'skipped', /-n/],
  [
    'namespace-bypass',
    { pods: ok([podOf({ said: { ...GRADED, grade: 'guarded', mode: 'hosts' } })]) },
    'warning',
    /guarded \(hosts\)/,
  ],
  [
    'namespace-bypass',
    { pods: ok([podOf({ said: { ...GRADED, exclusions: { ports: [25], networks: [] } } })]) },
    'warning',
    /round to 25/,
  ],
  ['namespace-bypass', { pods: ok([podOf({ said: {} })]) }, 'warning', /not known/],
  ['namespace-bypass', { pods: ok([]) }, 'warning', /no pod/],
];

describe('a check', () => {
  it.each(CHECKS.map(({ id }) => id))('%s is well where all is well', (id) => {
    const facts = id === 'install-once' ? { mutating: ok([]) } : {};
    expect(judge(id, facts)).toMatchObject({ status: 'ok' });
  });

  it.each(CASES)('%s tells what is not: %#', (id, facts, status, line) => {
    const finding = judge(id, facts);
    expect(finding.status).toBe(status);
    expect(finding.lines.join('\n')).toMatch(line);
  });

  it('is seen to fail, each of them', () => {
    expect(new Set(CASES.map(([id]) => id))).toEqual(new Set(CHECKS.map(({ id }) => id)));
  });

  it('claims nothing of what the caller may not read, and fails where nothing could be read', () => {
    const answer = (code: 'forbidden' | 'timeout'): Partial<Facts> => {
      const failure = err({ code, message: 'pods is forbidden: User "x" cannot create resource "pods"' });
      const reads = Object.entries(WELL).filter(
        ([, value]) => typeof value === 'object' && value !== null && 'ok' in value,
      );
      return Object.fromEntries(reads.map(([key]) => [key, failure])) as Partial<Facts>;
    };
    for (const { id } of CHECKS.filter((check) => check.id !== 'install-rights')) {
      expect({ id, ...judge(id, answer('forbidden')) }).toMatchObject({ id, status: 'skipped' });
      expect({ id, ...judge(id, answer('timeout')) }).toMatchObject({ id, status: 'failed' });
    }
  });

  it('has an id of its own, and asks for rights once each', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
    expect(new Set(INSTALLED.map((each) => each.join())).size).toBe(INSTALLED.length);
  });

  it('leaves the version of a sidecar to whoever wrote it into a manifest', () => {
    const labels = { 'postern.dev/injected': undefined, 'postern.dev/proxy-version': undefined };
    for (const id of ['pods-supported', 'pods-current'])
      expect(judge(id, { pods: ok([podOf({ labels })]) }).status).toBe('ok');
  });

  it('names a few of many', () => {
    const many = Array.from({ length: 30 }, () => podOf({ spec: { initContainers: [] } }));
    const { lines } = judge('pods-injected', { pods: ok(many) });
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('and 20 more');
  });
});
