// What the test does with pods: wait for them, ask through them, look at them, end them.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { KUBECTL, kubectl } from './command.ts';

export type Reply =
  | { readonly kind: 'answer'; readonly text: string; readonly attempts: number }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly status: number;
      readonly code: string | null;
      readonly message: string;
      readonly attempts: number;
    };

export interface Place {
  readonly namespace: string;
  /** Also the name of its container, and of its pods by label. */
  readonly deployment: string;
}

export const rolledOut = ({ namespace, deployment }: Place): Promise<string> =>
  kubectl('-n', namespace, 'rollout', 'status', `deploy/${deployment}`, '--timeout=60s');

/** Asks with the official SDK from inside the application's container. */
export async function ask({ namespace, deployment }: Place, ...question: readonly string[]): Promise<Reply> {
  const command = ['node', 'test/cluster/peers/ask.ts', ...question];
  const said = await kubectl(
    '-n',
    namespace,
    'exec',
    `deploy/${deployment}`,
    '-c',
    deployment,
    '--',
    ...command,
  );
  return JSON.parse(said) as Reply;
}

export interface PodState {
  readonly name: string;
  readonly uid: string;
  readonly restarts: readonly number[];
}

export async function readPod({ namespace, deployment }: Place): Promise<PodState> {
  const containers = ['initContainerStatuses', 'containerStatuses'];
  const restarts = containers.map((kind) => `{.items[0].status.${kind}[*].restartCount}`);
  const wanted = ['{.items[0].metadata.name}', '{.items[0].metadata.uid}', ...restarts].join(' ');
  const selector = `app.kubernetes.io/name=${deployment}`;
  const said = await kubectl('-n', namespace, 'get', 'pods', '-l', selector, '-o', `jsonpath=${wanted}`);
  const [name = '', uid = '', ...counts] = said.split(' ');
  return { name, uid, restarts: counts.map(Number) };
}

/** What the sidecar's admin port says of its policies: ok, degraded or empty. */
export async function readPolicyState(place: Place): Promise<string> {
  const { name } = await readPod(place);
  const path = `/api/v1/namespaces/${place.namespace}/pods/${name}:7490/proxy/status`;
  return (JSON.parse(await kubectl('get', '--raw', path)) as { policy: { state: string } }).policy.state;
}

/** Deletes the pod; the last exit codes that its sidecar and its application were seen with. */
export async function endPod({ namespace }: Place, pod: string): Promise<string> {
  const codes = ['initContainerStatuses', 'containerStatuses'].map(
    (kind) => `{.status.${kind}[*].state.terminated.exitCode}`,
  );
  const shown = `jsonpath=${codes.join(' ')}{"\\n"}`;
  const watch = spawn(KUBECTL[0], [
    ...KUBECTL.slice(1),
    '-n',
    namespace,
    'get',
    'pod',
    pod,
    '--watch',
    '-o',
    shown,
  ]);
  const seen = text(watch.stdout);
  await kubectl('-n', namespace, 'delete', 'pod', pod, '--timeout=40s');
  watch.kill();
  return (await seen).trim().split('\n').at(-1) ?? '';
}
