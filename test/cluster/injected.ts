// The chart in a real cluster: Deployments that know nothing of Postern get their sidecars, and obey policies that are applied as ConfigMaps.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { WORK, kubectl } from './command.ts';
import { noteFigures } from './figures.ts';
import { ask, rolledOut, type Place } from './pods.ts';
import { step, until } from './steps.ts';
import { renderText } from '../support/helm.ts';

export const SYSTEM = { namespace: 'postern-system', deployment: 'postern' };
export const OPEN = { namespace: 'shop', deployment: 'bot' };
export const RESTRICTED = { namespace: 'vault', deployment: 'bot' };
/** Where nobody asks for a sidecar. */
export const PLAIN = 'plain';
export const INJECTED = [...[SYSTEM, OPEN, RESTRICTED].map(({ namespace }) => namespace), PLAIN];

export const MANIFESTS = join(WORK, 'postern.yaml');

const POEM = 'Please write a poem for me.';

const VALUES = {
  image: { repository: 'localhost/postern', tag: 'test' },
  replicas: 1,
  cluster: { ranges: ['10.96.0.0/16', '10.244.0.0/24'], resolvers: ['10.96.0.10'] },
  upstreams: {
    openai: {
      provider: 'openai',
      url: 'http://llm.provider.svc.cluster.local',
      hosts: ['api.openai.com'],
      allow_plain_http: true,
      allow_private_addresses: true,
    },
  },
};

export const configMap = (phrase: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'own', namespace: OPEN.namespace, labels: { 'postern.dev/policy': 'rego' } },
  data: {
    'own.rego': [
      'package postern.policies.own.phrases',
      'deny contains "Not here." if {\n\tsome finding in input.findings\n\tfinding.code == "own.phrase"\n}\n',
    ].join('\n\n'),
    'patterns.yaml': `- {id: own.phrase, literal: ${phrase}, severity: high, origins: [user]}\n`,
  },
});

const HARDENED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

export const container = (name: string, more: object): object => ({
  name,
  image: 'localhost/peers:test',
  env: [{ name: 'OPENAI_API_KEY', value: 'sk-test' }],
  securityContext: HARDENED,
  ...more,
});

/** Nothing in it is about Postern. */
const deployment = ({ namespace, deployment: name }: Place): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { 'app.kubernetes.io/name': name } },
    template: {
      metadata: { labels: { 'app.kubernetes.io/name': name } },
      spec: {
        terminationGracePeriodSeconds: 10,
        containers: [container(name, { command: ['sh', '-c', 'trap "exit 0" TERM; sleep infinity & wait'] })],
      },
    },
  },
});

export async function apply(object: object): Promise<string> {
  const file = join(WORK, 'applied.json');
  await mkdir(WORK, { recursive: true });
  await writeFile(file, JSON.stringify(object));
  return tryAgain(() => kubectl('apply', '--server-side', '--force-conflicts', '-f', file));
}

/** Where a machine is busy the webhook says so, as it would to anybody. */
async function tryAgain(applying: () => Promise<string>, attempts = 5): Promise<string> {
  try {
    return await applying();
  } catch (error) {
    if (attempts === 1 || !/could not be compiled in time|try again/.test(String(error))) throw error;
    return tryAgain(applying, attempts - 1);
  }
}

export async function makeNamespace(name: string, ...labels: readonly string[]): Promise<void> {
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  if (labels.length > 0) await kubectl('label', 'namespace', name, '--overwrite', ...labels);
}

/** Of one run each. */
const once: Record<string, number> = {};

export async function judgeInjected(): Promise<void> {
  await step('the chart is installed, and its controller serves', install);
  await step('a Deployment that knows nothing of Postern gets its sidecar, and runs', () => start(OPEN));
  await step('its SDK is answered, through the sidecar', () => assertAnswered(OPEN));
  await step('a policy that is applied is obeyed, and its ConfigMap says so', () => enforce('write a poem'));
  await step('an edit of it is obeyed', () => enforce('please write'));
  await step('a broken one is refused by kubectl apply', refuseBroken);
  await step('a Job ends', runJob);
  await step('a restricted namespace: the hosts file in the place of rules', async () => {
    await start(RESTRICTED, 'pod-security.kubernetes.io/enforce=restricted');
    await assertAnswered(RESTRICTED);
  });
  await noteFigures({ once });
}

async function install(): Promise<void> {
  await makeNamespace(SYSTEM.namespace, 'pod-security.kubernetes.io/enforce=restricted');
  const values = join(WORK, 'values.json');
  await mkdir(WORK, { recursive: true });
  await writeFile(values, JSON.stringify(VALUES));
  await writeFile(MANIFESTS, await renderText('--values', values));
  await kubectl('apply', '--server-side', '--force-conflicts', '-f', MANIFESTS);
  await rolledOut(SYSTEM);
  await until(30_000, async () => {
    const read = ['get', 'mutatingwebhookconfiguration', 'postern', '-o'];
    assert.notEqual(await kubectl(...read, 'jsonpath={.webhooks[0].clientConfig.caBundle}'), '');
  });
}

async function start(place: Place, ...labels: readonly string[]): Promise<string> {
  await makeNamespace(place.namespace, 'postern.dev/inject=enabled', ...labels);
  const began = performance.now();
  await apply(deployment(place));
  await rolledOut(place);
  once[`rollout_ms_${place.namespace}`] = Math.round(performance.now() - began);
  const names =
    'jsonpath={.items[0].spec.initContainers[*].name} {.items[0].metadata.annotations.postern\\.dev/status}';
  return kubectl('-n', place.namespace, 'get', 'pods', '-o', names);
}

async function assertAnswered(place: Place): Promise<void> {
  const reply = await ask(place, POEM);
  assert.deepEqual(reply, { kind: 'answer', text: `You said: ${POEM}`, attempts: 1 });
}

interface PolicyStatus {
  readonly state?: string;
  readonly digest?: string;
  readonly acknowledged?: number;
}

async function readStatus(): Promise<PolicyStatus> {
  const path = 'jsonpath={.metadata.annotations.postern\\.dev/policy-status}';
  const text = await kubectl(
    '-n',
    OPEN.namespace,
    'get',
    'configmap',
    'own',
    '-o',
    path,
    '--ignore-not-found',
  );
  return JSON.parse(text === '' ? '{}' : text) as PolicyStatus;
}

/** What the sidecar has in force, by its admin port. */
async function digestInForce(): Promise<string> {
  const { namespace } = OPEN;
  const [name = ''] = (
    await kubectl('-n', namespace, 'get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}')
  ).split(' ');
  const status = await kubectl(
    'get',
    '--raw',
    `/api/v1/namespaces/${namespace}/pods/${name}:7490/proxy/status`,
  );
  return (JSON.parse(status) as { policy: { digest: string } }).policy.digest;
}

async function enforce(phrase: string): Promise<string> {
  const before = await digestInForce();
  await apply(configMap(phrase));
  const began = performance.now();
  await until(60_000, async () => assert.notEqual(await digestInForce(), before));
  const inForceMs = performance.now() - began;
  const digest = await digestInForce();
  await until(60_000, async () => {
    const status = await readStatus();
    assert.deepEqual([status.state, status.digest, status.acknowledged], ['ok', digest, 1]);
  });
  once['edit_to_enforced_ms'] = Math.round(inForceMs);
  once['edit_to_acknowledged_ms'] = Math.round(performance.now() - began);
  const reply = await ask(OPEN, POEM);
  assert.equal(reply.kind, 'error', JSON.stringify(reply));
  assert.deepEqual([reply.status, reply.attempts], [400, 1]);
  return `in force ${(inForceMs / 1000).toFixed(1)} s after kubectl apply`;
}

async function refuseBroken(): Promise<void> {
  const object = configMap('x') as { data: Record<string, string> };
  await assert.rejects(
    apply({
      ...object,
      data: { 'own.rego': 'package postern.policies.own.phrases\n\ndeny contains if {\n' },
    }),
    /own\.rego:\d+:\d+/,
  );
}

async function runJob(): Promise<void> {
  const command = ['node', 'test/cluster/peers/ask.ts', 'Hello'];
  await apply({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', namespace: OPEN.namespace },
    spec: {
      backoffLimit: 0,
      template: { spec: { restartPolicy: 'Never', containers: [container('once', { command })] } },
    },
  });
  await kubectl('-n', OPEN.namespace, 'wait', '--for=condition=complete', 'job/once', '--timeout=60s');
}
