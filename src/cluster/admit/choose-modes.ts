// What is wished, and what namespace and pod allow, in; how connections come to the sidecar, and what that is worth, out.
import type { InjectionMode } from '../../config/index.ts';
import { GRADES, type Grade, type InterceptionMode } from '../../exchange/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { listAt, objectAt, textAt } from './json.ts';
import { PORT_START, PORTS } from './names.ts';
import { isMeshed, MESH_PROXIES } from './neighbours.ts';
import type { Namespace, Pod } from './pod.ts';

export interface Ways {
  readonly modes: readonly InterceptionMode[];
  /** Of the one that is hardest to go round. */
  readonly grade: Grade;
  readonly warnings: readonly string[];
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const OPENSHIFT = 'openshift.io/sa.scc.uid-range';

export function chooseModes(wished: InjectionMode, pod: Pod, namespace: Namespace): Result<Ways, string> {
  if (wished === 'auto') return ok(chooseFreely(pod, namespace));
  const problem = { redirect: problemOfRedirect, hosts: problemOfHosts, env: noProblem, proxy: noProblem }[
    wished
  ](pod, namespace);
  return problem === null ? ok(waysOf([wished])) : err(`mode ${wished} cannot be: ${problem}`);
}

/** SDKs that can be pointed never meet our certificates; whatever else goes out is caught, as well as it can be here. */
function chooseFreely(pod: Pod, namespace: Namespace): Ways {
  if (!Object.hasOwn(namespace.annotations, OPENSHIFT) && problemOfRedirect(pod, namespace) === null)
    return waysOf(['env', 'redirect']);
  const problem = problemOfHosts(pod);
  if (problem !== null)
    return { ...waysOf(['env']), warnings: [`only base URLs lead to Postern: ${problem}`] };
  const mesh = mayRedirect(namespace) ? problemOfMesh(pod) : null;
  return {
    ...waysOf(['env', 'hosts']),
    warnings: mesh === null ? [] : [`grade guarded, not enforced: ${mesh}`],
  };
}

/** What a pod of the namespace has that says nothing of it and brings nothing along. */
export const floorOf = (wished: InjectionMode, namespace: Namespace): Grade => {
  if (wished !== 'auto') return GRADES[wished];
  return mayRedirect(namespace) ? 'enforced' : 'guarded';
};

/** Pods of a mesh have its proxy, which whoever made the namespace knew. Whoever makes a pod may call a container anything. */
const mayRedirect = (namespace: Namespace): boolean =>
  !Object.hasOwn(namespace.annotations, OPENSHIFT) &&
  problemOfLevel(namespace) === null &&
  !isMeshed(namespace);

const noProblem = (): null => null;

const waysOf = (modes: readonly InterceptionMode[]): Ways => ({
  modes,
  grade: GRADES[modes.at(-1) ?? 'env'],
  warnings: [],
});

const problemOfRedirect = (pod: Pod, namespace: Namespace): string | null =>
  problemOfLevel(namespace) ?? problemOfMesh(pod);

/** Pod Security refuses it only after us, in an event of a ReplicaSet. */
function problemOfLevel({ labels }: Namespace): string | null {
  const level = labels[ENFORCE] ?? 'privileged';
  return level === 'privileged'
    ? null
    : `it needs NET_ADMIN, which Pod Security level ${level} of the namespace refuses`;
}

function problemOfMesh({ containers }: Pod): string | null {
  const mesh = containers.find(({ name }) => MESH_PROXIES.includes(name));
  return mesh === undefined ? null : `${mesh.name} redirects connections itself`;
}

function problemOfHosts({ spec }: Pod): string | null {
  const set = listAt(objectAt(spec, 'securityContext'), 'sysctls').find(
    (each) => textAt(each, 'name') === PORT_START,
  );
  if (set === undefined || Number(textAt(set, 'value')) <= PORTS.hosts) return null;
  return `the pod sets ${PORT_START} above ${String(PORTS.hosts)}`;
}
