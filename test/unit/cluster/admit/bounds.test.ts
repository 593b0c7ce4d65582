// Pods of 3 MB, which is what the API server takes: they cost about what reading them costs, and are answered in few words.
import { describe, expect, it } from '@jest/globals';
import { reviewPod, reviewWorkload } from '../../../../src/cluster/admit/index.ts';
import { admit, countedUids, deniedFor, NAMESPACE, podOf, settingsFrom } from '../../../support/admission.ts';

const MEGABYTES = 3_000_000;
const long = 'x'.repeat(MEGABYTES / 2);
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const annotated = (annotations: object, spec: object = {}): object => podOf(spec, { annotations });
const status = (rest: object): string =>
  JSON.stringify({ uid: 123_456, containers: ['postern'], volumes: [], ...rest });
const sidecar = { name: 'postern', image: 'postern:0.1.0', restartPolicy: 'Always' };

describe('more than a pod needs', () => {
  it.each<[string, object, string]>([
    ['a key', annotated({ [`postern.dev/${long}`]: '' }), 'with a key longer than 317 characters'],
    ['a key of others', podOf({}, { labels: { [long]: '' } }), 'metadata.labels with a key longer than 317'],
    [
      'a value',
      annotated({ 'postern.dev/interception': long }),
      'has postern.dev/interception with more than 4096',
    ],
    [
      'a label',
      podOf({}, { labels: { 'postern.dev/inject': long } }),
      'has postern.dev/inject with more than 4096',
    ],
    ['a name', podOf({ containers: [{ name: long }] }), 'whose name is longer than 63'],
    [
      'containers',
      podOf({ containers: many(257, (index) => ({ name: `c${index}` })) }),
      'more than 256 containers',
    ],
    ['volumes', podOf({ volumes: many(257, (index) => ({ name: `v${index}` })) }), 'more than 256 volumes'],
    [
      'variables',
      podOf({ containers: [{ name: 'c', env: many(2_049, (index) => ({ name: `V${index}` })) }] }),
      'more than 2048 entries of env',
    ],
    [
      'a status',
      annotated({ 'postern.dev/status': status({ hosts: [long] }) }, { initContainers: [sidecar] }),
      'postern.dev/status is written by Postern alone',
    ],
  ])('is refused in few words: %s', (_what, pod, message) => {
    const said = deniedFor({ pod });
    expect(said).toContain(message);
    expect(said.length).toBeLessThanOrEqual(1_024);
  });

  it('is not what a pod with as much of everything as there may be needs', () => {
    const containers = many(256, (index) => ({
      name: `${'c'.repeat(60)}${index % 10}`.slice(0, 60) + index,
    }));
    const namespace = { ...NAMESPACE, annotations: { 'postern.dev/interception': 'hosts' } };
    const pod = podOf({ containers, volumes: many(256, (index) => ({ name: `v${index}` })) });
    expect(admit({ pod, namespace }).kind).toBe('patch');
  });

  it('is quoted in part where a value is refused', () => {
    const said = deniedFor({ pod: annotated({ 'postern.dev/interception': 'y'.repeat(4_096) }) });
    expect(said).toContain('it is to be one of auto, redirect');
    expect(said.length).toBeLessThan(300);
  });
});

/** Each fills what it may fill. */
const HOSTILE: readonly (readonly [string, object])[] = [
  [
    'ten thousand containers',
    podOf({ containers: many(60_000, (index) => ({ name: `container-${index}` })) }),
  ],
  [
    'many annotations of ours',
    annotated(Object.fromEntries(many(60_000, (index) => [`postern.dev/x${index}`, '']))),
  ],
  [
    'many annotations',
    annotated(Object.fromEntries(many(100_000, (index) => [`corp.example/x${index}`, '']))),
  ],
  [
    'keys of dots',
    annotated(Object.fromEntries(many(9_000, (index) => [`${'a.'.repeat(150)}${index}`, '']))),
  ],
  [
    'variables in every container',
    podOf({
      containers: many(48, (c) => ({
        name: `c${c}`,
        env: many(2_048, (index) => ({ name: index % 2 === 0 ? 'A' : `V${index}`, value: 'http://x:1' })),
      })),
    }),
  ],
  [
    'variables that a forged status names',
    annotated(
      {
        'postern.dev/status': status({
          variables: many(600, () => ({ containers: many(10, (c) => `c${c}`), names: ['A'] })),
        }),
      },
      {
        initContainers: [sidecar],
        containers: many(48, (c) => ({
          name: `c${c}`,
          env: many(2_000, (index) => ({ name: index % 2 === 0 ? 'A' : `V${index}` })),
        })),
      },
    ),
  ],
  [
    'capabilities',
    podOf({
      containers: [
        { name: 'c', securityContext: { capabilities: { add: many(200_000, () => 'SYS_ADMIN') } } },
      ],
    }),
  ],
  [
    'names of hosts',
    podOf({ hostAliases: many(60_000, (index) => ({ ip: '10.0.0.1', hostnames: [`host${index}`] })) }),
  ],
];

describe('a pod of 3 MB', () => {
  const review = (object: object, kind = 'Pod'): object => ({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'r', kind: { kind }, namespace: NAMESPACE.name, object },
  });
  const around = { settings: settingsFrom({}), uids: countedUids(), namespaceOf: () => NAMESPACE };
  const timeOf = (work: () => unknown): number => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  };
  /** In time that reading and writing it takes, which grows as it does; a table of all by all takes thousands of it. */
  const costOf = (document: object, work: () => unknown): number =>
    Math.min(...many(3, () => timeOf(work))) /
    Math.min(...many(3, () => timeOf(() => JSON.parse(JSON.stringify(document)))));

  it.each(HOSTILE)('costs a few times what reading it costs: %s', (_what, pod) => {
    expect(JSON.stringify(pod).length).toBeLessThan(MEGABYTES * 1.5);
    expect(costOf(pod, () => reviewPod(review(pod), around))).toBeLessThan(80);
  });

  it('costs as little as a workload’s template, and so do marks on the workload itself', () => {
    const [, template] = HOSTILE[0] ?? [];
    const annotations = Object.fromEntries(many(60_000, (index) => [`postern.dev/x${index}`, '']));
    const object = {
      metadata: { annotations },
      spec: { template: { ...template, metadata: { annotations } } },
    };
    expect(costOf(object, () => reviewWorkload(review(object, 'Deployment'), around))).toBeLessThan(80);
  });
});
