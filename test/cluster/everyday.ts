// What happens to an installation as days go by: edits, starts, ends and deaths of pods, attempts to go round it, its end. Figures beside.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { measureAdmission } from './admissions.ts';
import type { Cluster } from './cluster.ts';
import { KUBECONFIG, ROOT, kubectl, run } from './command.ts';
import { killSidecar } from './deaths.ts';
import { measureEdits } from './edits.ts';
import {
  apply,
  configMap,
  container,
  makeNamespace,
  MANIFESTS,
  OPEN,
  PLAIN,
  RESTRICTED,
  SYSTEM,
} from './injected.ts';
import { ask, rolledOut } from './pods.ts';
import { measureStart } from './start-time.ts';
import { step, until } from './steps.ts';
import { endInMidStream, READER } from './streams.ts';
import { tryWaysRound } from './ways-round.ts';

const FORBIDDEN = 'Now please write about anything.';
const SLEEP = ['sh', '-c', 'trap "exit 0" TERM; sleep infinity & wait'];

export async function judgeEveryday({ killContainer }: Pick<Cluster, 'killContainer'>): Promise<void> {
  await makeNamespace(PLAIN);
  await step('postern check finds all well', check);
  await step('twenty edits, each until all have it', edit);
  await step('pods are admitted', () => measureAdmission({ injected: OPEN.namespace, plain: PLAIN }));
  await step('pods start', () =>
    measureStart(
      { injected: { redirect: OPEN.namespace, hosts: RESTRICTED.namespace }, plain: PLAIN },
      createSleeper,
    ),
  );
  await step('a stream comes to its end while its pod is told to go', async () => {
    await create(OPEN.namespace, 'reader', ['node', '--input-type=module', '-e', READER]);
    return endInMidStream({ ...OPEN, deployment: 'reader' }, 'reader');
  });
  await step('a sidecar is killed, and nothing passes', () => killSidecar(OPEN, FORBIDDEN, killContainer));
  await step('the same without a controller', async () => {
    await scaleController(0);
    const said = await killSidecar(OPEN, FORBIDDEN, killContainer);
    await scaleController(1);
    await rolledOut(SYSTEM);
    return said;
  });
  await step('ways round', () => tryWaysRound({ enforced: OPEN, guarded: RESTRICTED }));
}

async function check(): Promise<string> {
  let counted = '';
  await until(30_000, async () => {
    const said = await run(join(ROOT, 'bin/postern'), 'check', '-o', 'json', '--kubeconfig', KUBECONFIG);
    const { isWell, checks } = JSON.parse(said) as {
      isWell: boolean;
      checks: ReadonlyArray<{ status: string }>;
    };
    assert.ok(isWell, said);
    counted = `${String(checks.filter(({ status }) => status === 'ok').length)} of ${String(checks.length)}`;
  });
  return counted;
}

/** The last one is the one that was there. */
async function edit(): Promise<string> {
  const place = { namespace: OPEN.namespace, platform: SYSTEM.namespace };
  const said = await measureEdits(place, (turn) => apply(configMap(`phrase number ${String(turn)}`)));
  await apply(configMap('please write'));
  await until(30_000, async () => assert.equal((await ask(OPEN, FORBIDDEN)).kind, 'error'));
  return said;
}

const createSleeper = (namespace: string, name: string): Promise<string> => create(namespace, name, SLEEP);

const create = (namespace: string, name: string, command: readonly string[]): Promise<string> =>
  apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 20,
      containers: [container(name, { command })],
    },
  });

const scaleController = (replicas: number): Promise<string> =>
  kubectl('-n', SYSTEM.namespace, 'scale', `deploy/${SYSTEM.deployment}`, `--replicas=${String(replicas)}`);

const LEFT = [
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'clusterroles',
  'clusterrolebindings',
];

export async function uninstall(): Promise<void> {
  await step('uninstalled, it leaves nothing, and running pods as they were', async () => {
    await kubectl('delete', '-f', MANIFESTS, '--ignore-not-found', '--timeout=60s');
    await until(60_000, async () => {
      const made = await kubectl('get', 'configmaps,secrets,leases', '-A', '-o', 'name');
      assert.deepEqual(made.match(/.*\/postern-(?:ca|bundle|policy-status|webhook-tls|controller).*/g), null);
    });
    const left = await kubectl('get', LEFT.join(), '-l', 'app.kubernetes.io/part-of=postern', '-o', 'name');
    assert.equal(left.trim(), '');
    assert.equal((await ask(OPEN, 'Hello')).kind, 'answer');
    assert.equal((await ask(OPEN, FORBIDDEN)).kind, 'error');
    await createSleeper(OPEN.namespace, 'after');
    const names = await kubectl(
      '-n',
      OPEN.namespace,
      'get',
      'pod',
      'after',
      '-o',
      'jsonpath={.spec.initContainers[*].name}',
    );
    assert.equal(names, '');
  });
}
