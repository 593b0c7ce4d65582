// A cluster, Postern in it as k8s/examples/env-mode has it, and what must then be true. Read it top to bottom.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import type { Cluster } from './cluster.ts';
import { isNodeUp, KUBECONFIG, kubectl } from './command.ts';
import { explainFailure } from './explain.ts';
import { findCluster } from './find-cluster.ts';
import { judgeEveryday, uninstall } from './everyday.ts';
import { INJECTED, judgeInjected } from './injected.ts';
import {
  apply,
  applyNamespace,
  buildBundle,
  cutBundle,
  editPhrase,
  OVERLAY,
  PROVIDER,
  writeManifests,
} from './manifests.ts';
import { ask, endPod, readPod, readPolicyState, rolledOut } from './pods.ts';
import { say, step, total, until } from './steps.ts';

const CHAT = { namespace: 'postern-env-mode', deployment: 'chat' };
const LLM = { namespace: 'provider', deployment: 'llm' };
const NAMESPACES = [CHAT.namespace, LLM.namespace, ...INJECTED];

const CONTRACT = 'Please draft a contract for me.';
const POEM = 'Please write a poem for me.';

const isKept = process.argv.includes('--keep');
process.exitCode = await main();

async function main(): Promise<number> {
  const cluster = await findCluster();
  if (typeof cluster === 'string') {
    say(`SKIP  no Kubernetes node is possible here: ${cluster}. Nothing was tested.`);
    return 0;
  }
  const wasUp = await isNodeUp();
  const passed = await testAll(cluster, wasUp);
  if (!isKept) await step('taken down', () => takeDown(cluster, wasUp));
  say(`${passed ? 'PASS' : 'FAIL'}  ${total()} in all`);
  if (isKept) say(`export KUBECONFIG=${KUBECONFIG}   # it stays up; ${cluster.ending} ends it`);
  return passed ? 0 : 1;
}

async function testAll(cluster: Cluster, wasUp: boolean): Promise<boolean> {
  try {
    await step(wasUp ? 'cluster is up already' : 'cluster up', () => bringUp(cluster));
    await install(cluster);
    await judge();
    await editPolicy();
    await endOne();
    await judgeInjected();
    await judgeEveryday(cluster);
    if (!isKept) await uninstall();
    return true;
  } catch (error) {
    say(`\n${error instanceof Error ? error.message : String(error)}\n${await explainFailure(NAMESPACES)}`);
    return false;
  }
}

async function bringUp(cluster: Cluster): Promise<string> {
  await cluster.up();
  const version = /Server Version: (\S+)/.exec(await kubectl('version'))?.[1] ?? 'unknown';
  return `${version}, ${cluster.name}`;
}

/** Whoever had a cluster up keeps it, without what was tested in it. */
async function takeDown(cluster: Cluster, wasUp: boolean): Promise<void> {
  await (wasUp ? kubectl('delete', 'namespace', ...NAMESPACES, '--ignore-not-found') : cluster.down());
}

async function install(cluster: Cluster): Promise<void> {
  await step('images built and loaded', cluster.loadImages);
  await step('policy built', async () => {
    await writeManifests();
    return buildBundle();
  });
  await step('the provider answers the SDK where Postern is not between them', async () => {
    await apply(PROVIDER);
    await rolledOut(LLM);
    assertAnswer(await ask(LLM, CONTRACT), CONTRACT);
  });
  await step('the namespace turns an ordinary pod away', async () => {
    await applyNamespace();
    const ordinary = ['run', 'ordinary', '--image=localhost/base:1', '--dry-run=server'];
    await assert.rejects(kubectl('-n', CHAT.namespace, ...ordinary), /violates PodSecurity "restricted/);
  });
  await step('the example is accepted by the API server', async () => {
    await apply(OVERLAY, '--dry-run=server');
  });
  await step('the example runs there, sidecar first', async () => {
    await apply(OVERLAY);
    await rolledOut(CHAT);
  });
}

async function judge(): Promise<void> {
  await step('an allowed question is answered', async () => assertAnswer(await ask(CHAT, POEM), POEM));
  await step('an allowed question is answered as a stream', async () => {
    assertAnswer(await ask(CHAT, '--stream', POEM), POEM);
  });
  await step('a forbidden question is refused, and never reaches the provider', async () => {
    const before = await countReceived();
    await assertRefused(CONTRACT);
    assert.equal(await countReceived(), before + 1, 'only the count itself may arrive');
  });
}

async function editPolicy(): Promise<void> {
  const before = await readPod(CHAT);
  let edited = 0;
  await step('the policy is edited, built and applied', async () => {
    await editPhrase('draft a contract', 'write a poem');
    const built = await buildBundle();
    await apply(OVERLAY);
    edited = performance.now();
    return built;
  });
  await step('the edit is enforced in the running pod', async () => {
    await until(60_000, () => assertRefused(POEM));
    const took = ((performance.now() - edited) / 1000).toFixed(1);
    assertAnswer(await ask(CHAT, CONTRACT), CONTRACT);
    return `${took} s after kubectl apply, the kubelet's sync every 2 s included`;
  });
  await step('a broken bundle is told of, and the good one stays in force', async () => {
    await cutBundle();
    await apply(OVERLAY);
    await until(60_000, async () => assert.equal(await readPolicyState(CHAT), 'degraded'));
    await assertRefused(POEM);
    await buildBundle();
    await apply(OVERLAY);
    await until(60_000, async () => assert.equal(await readPolicyState(CHAT), 'ok'));
  });
  await step('nothing was restarted', async () => {
    assert.deepEqual(await readPod(CHAT), before);
    assert.deepEqual(before.restarts, [0, 0]);
  });
}

async function endOne(): Promise<void> {
  await step('a pod that is deleted ends by itself, sidecar last', async () => {
    const { name } = await readPod(CHAT);
    assert.equal(await endPod(CHAT, name), '0 0', 'exit codes of sidecar and application');
  });
  if (isKept) await step('another takes its place', () => rolledOut(CHAT).then(() => undefined));
}

type Reply = Awaited<ReturnType<typeof ask>>;

/** The embedded model repeats what it understood. */
function assertAnswer(reply: Reply, question: string): void {
  // A Service that has just got its endpoint may turn the first attempt away.
  assert.deepEqual({ ...reply, attempts: 0 }, { kind: 'answer', text: `You said: ${question}`, attempts: 0 });
}

/** Typed, with a reason for people, and not tried again by the SDK. */
async function assertRefused(question: string): Promise<void> {
  const reply = await ask(CHAT, question);
  assert.equal(reply.kind, 'error', JSON.stringify(reply));
  const { name, status, code, message, attempts } = reply;
  assert.deepEqual(
    { name, status, code, attempts },
    { name: 'BadRequestError', status: 400, code: 'content_filter', attempts: 1 },
  );
  assert.match(message, /legal department/);
}

async function countReceived(): Promise<number> {
  const reply = await ask(CHAT, 'How many requests have you received?');
  assert.equal(reply.kind, 'answer', JSON.stringify(reply));
  return Number(/received (\d+) requests/.exec(reply.text)?.[1]);
}
