import { describe, expect, it } from '@jest/globals';
import {
  applyOperations,
  DrawnUids,
  reviewPod,
  reviewWorkload,
  type Operation,
} from '../../../../src/cluster/admit/index.ts';
import { countedUids, NAMESPACE, podOf, settingsFrom } from '../../../support/admission.ts';

const AROUND = {
  settings: settingsFrom({}),
  uids: countedUids(),
  namespaceOf: (name: string) => (name === NAMESPACE.name ? NAMESPACE : null),
};

const reviewOf = (object: unknown, request: object = {}): unknown => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'review-1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    namespace: 'shop',
    operation: 'CREATE',
    object,
    ...request,
  },
});

interface Response {
  readonly uid: string;
  readonly allowed: boolean;
  readonly patchType?: string;
  readonly patch?: string;
  readonly warnings?: readonly string[];
  readonly status?: { readonly code: number; readonly message: string };
}

function answered(object: unknown, request: object = {}) {
  const reviewed = reviewPod(reviewOf(object, request), AROUND);
  if (reviewed.kind === 'malformed') throw new Error(reviewed.message);
  const { response, ...rest } = reviewed.answer as { response: Response };
  expect(rest).toEqual({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' });
  return { ...reviewed, response };
}

describe('a review of a pod', () => {
  it('is answered with a patch that says what was decided', () => {
    const pod = podOf(
      {},
      { generateName: 'chat-', name: undefined, ownerReferences: [{ kind: 'ReplicaSet' }] },
    );
    const { response, verdict, isDryRun, subject } = answered(pod);
    expect([response.uid, response.allowed, response.patchType]).toEqual(['review-1', true, 'JSONPatch']);
    const operations = JSON.parse(Buffer.from(response.patch ?? '', 'base64').toString()) as Operation[];
    expect(applyOperations(pod, operations)).toHaveProperty('spec.initContainers.1.name', 'postern');
    expect(verdict).toMatchObject({ kind: 'patch', operations });
    expect(isDryRun).toBe(false);
    expect(subject).toEqual({ namespace: 'shop', name: 'chat-', owners: [{ kind: 'ReplicaSet' }] });
  });

  it('is answered without a patch when nothing is to be done', () => {
    const { response } = answered(podOf({}, { labels: { 'postern.dev/inject': 'disabled' } }));
    expect(response).toEqual({ uid: 'review-1', allowed: true });
    const done = applyOperations(podOf(), patchOf(podOf()));
    expect(answered(done).response).not.toHaveProperty('patch');
  });

  it('is answered with a denial that says why', () => {
    const { response } = answered(podOf({}, { labels: { 'postern.dev/injct': 'true' } }));
    expect(response).toEqual({
      uid: 'review-1',
      allowed: false,
      status: {
        code: 403,
        message: 'postern: postern.dev/injct is not a label of pods; did you mean postern.dev/inject?',
      },
    });
  });

  it('is refused while its namespace is not known: nobody can tell what it requires', () => {
    const { response } = answered(podOf(), { namespace: 'new' });
    expect([response.allowed, response.status?.message]).toEqual([
      false,
      expect.stringContaining('try again'),
    ]);
  });

  it('says that it is a dry run', () => {
    expect(answered(podOf(), { dryRun: true }).isDryRun).toBe(true);
  });

  it('draws nothing on a dry run that a later pod could bring along', () => {
    const uids = new DrawnUids(
      () => 777_777,
      () => 0,
    );
    const around = { ...AROUND, uids };
    const uidIn = (request: object): unknown => {
      const reviewed = reviewPod(reviewOf(podOf(), request), around);
      return reviewed.kind === 'answered' && reviewed.verdict.kind === 'patch' && reviewed.verdict.status.uid;
    };
    expect(uidIn({ dryRun: true })).toBe(777_777);
    reviewWorkload(reviewOf({ spec: { template: podOf() } }, { kind: { kind: 'Deployment' } }), around);
    expect(uids.isOurs(777_777)).toBe(false);
    expect(uidIn({})).toBe(777_777);
    expect(uids.isOurs(777_777)).toBe(true);
  });

  it('keeps its warnings within what the API server passes on', () => {
    const containers = Array.from({ length: 60 }, (_, index) => ({
      name: `c${'x'.repeat(50)}${index}`,
      envFrom: [{}],
      env: [{ name: 'OPENAI_BASE_URL' }],
    }));
    const { warnings = [] } = answered(podOf({ containers })).response;
    expect(warnings.every((warning) => warning.length <= 256)).toBe(true);
    expect(warnings.join('').length).toBeLessThanOrEqual(4096);
  });

  it.each([
    [null, 'it is no AdmissionReview'],
    [{ apiVersion: 'admission.k8s.io/v1beta1', kind: 'AdmissionReview' }, 'it is no AdmissionReview'],
    [reviewOf(null), 'lacks uid, namespace or object'],
    [reviewOf(podOf(), { uid: 7 }), 'lacks uid, namespace or object'],
    [reviewOf(podOf(), { kind: { kind: 'Node' } }), 'it is about a Node, not a Pod'],
  ])('is malformed: %j', (body, message) => {
    expect(reviewPod(body, AROUND)).toEqual({ kind: 'malformed', message: expect.stringContaining(message) });
  });
});

function patchOf(pod: unknown): readonly Operation[] {
  const { verdict } = answered(pod);
  return verdict.kind === 'patch' ? verdict.operations : [];
}

describe('a review of a workload', () => {
  const warningsOf = (kind: string, object: object): readonly string[] => {
    const reviewed = reviewWorkload(reviewOf(object, { kind: { kind } }), AROUND);
    if (reviewed.kind === 'malformed') throw new Error(reviewed.message);
    expect(reviewed.answer).toMatchObject({ response: { uid: 'review-1', allowed: true } });
    return reviewed.warnings;
  };
  const annotated = { metadata: { annotations: { 'postern.dev/inject': 'true' } } };

  it('warns of what stands above the template, and allows it', () => {
    expect(warningsOf('Deployment', { ...annotated, spec: { template: podOf() } })[0]).toBe(
      'postern.dev/inject stands on the workload, where pods do not have it: set it in the metadata of its template',
    );
    const both = { ...annotated, spec: { template: podOf({}, annotated.metadata) } };
    expect(warningsOf('Deployment', both).join()).not.toContain('stands on the workload');
  });

  it('foretells what its pods will meet', () => {
    const template = podOf({ containers: [{ name: 'postern' }] });
    const cron = { spec: { jobTemplate: { spec: { template } } } };
    expect(warningsOf('CronJob', cron)).toEqual([
      'its pods will be refused: a container is called postern, as Postern’s own are',
    ]);
    expect(warningsOf('StatefulSet', { spec: {} })).toEqual([]);
    expect(warningsOf('Service', annotated)).toEqual([]);
  });
});
