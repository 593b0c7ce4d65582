// The namespaces of a cluster in, as they are mirrored; what is asked about them out.
import { SIDECAR, type Namespace } from '../cluster/admit/index.ts';
import { identityOf, mirror, type Client, type KubeObject, type Mirror } from '../cluster/reflect/index.ts';
import type { Log } from '../gate/record/index.ts';

export interface Namespaces extends Disposable {
  readonly synced: Promise<void>;
  /** Null for one that is not known (yet). */
  find(this: void, name: string): Namespace | null;
  /** Those that ask for sidecars as a whole, and those of which a pod was seen to. */
  withSidecars(): readonly string[];
  /** Those with a sidecar, that have not ended. */
  podsOf(this: void, namespace: string): readonly SidecarPod[];
  /** The same, one of them; null where there is none. */
  findPod(this: void, namespace: string, name: string): SidecarPod | null;
  subscribe(listener: () => void): () => void;
}

export interface SidecarPod {
  readonly pod: string;
  readonly podUid: string;
}

interface Pod extends KubeObject {
  readonly spec?: { readonly initContainers?: ReadonlyArray<{ readonly name: string }> };
  readonly status?: { readonly phase?: string };
}

interface KeptPod extends KubeObject {
  /** It has not ended, and more of a sidecar than the label: whoever has a word on policies has one. */
  readonly isLive: boolean;
}

const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** Of a pod's 10 KiB some 200 bytes: there may be ten thousands. */
export function keepPod(pod: Pod): KeptPod {
  const { spec, status } = pod;
  const hasSidecar = spec?.initContainers?.some((each) => each.name === SIDECAR) === true;
  return { metadata: identityOf(pod), isLive: hasSidecar && !ENDED.has(status?.phase ?? '') };
}

/** What namespaces have sidecars by. */
const ASKING = ['postern.dev/inject', 'postern.dev/require'];

export function openNamespaces(client: Client, log: Log): Namespaces {
  const held = mirror({ client, log, path: '/api/v1/namespaces' });
  const pods = mirror<KeptPod>({
    client,
    log,
    path: '/api/v1/pods',
    labelSelector: 'postern.dev/injected=true',
    keep: keepPod,
  });
  return {
    synced: Promise.all([held.synced, pods.synced]).then(() => undefined),
    find: (name) => toNamespace(held.items.get(name)),
    withSidecars: () => [...new Set([...optedIn(held), ...namespacesOf(pods)])],
    podsOf: (namespace) => livePods(pods, namespace),
    findPod: (namespace, name) => toLive(pods.items.get(`${namespace}/${name}`)),
    subscribe: (listener) => {
      const ends = [held.subscribe(listener), pods.subscribe(listener)];
      return () => ends.forEach((end) => end());
    },
    [Symbol.dispose]: () => {
      held.close();
      pods.close();
    },
  };
}

function toNamespace(object: KubeObject | undefined): Namespace | null {
  if (object === undefined) return null;
  const { name, labels = {}, annotations = {} } = object.metadata;
  return { name, labels, annotations };
}

const optedIn = ({ items }: Mirror<KubeObject>): readonly string[] =>
  [...items.values()]
    .filter(({ metadata: { labels = {} } }) =>
      ASKING.some((label) => ['enabled', 'true'].includes(labels[label] ?? '')),
    )
    .map(({ metadata }) => metadata.name);

const namespacesOf = ({ items }: Mirror<KeptPod>): readonly string[] =>
  [...items.values()].flatMap(({ metadata, isLive }) => (isLive ? (metadata.namespace ?? []) : []));

const livePods = ({ items }: Mirror<KeptPod>, namespace: string): readonly SidecarPod[] =>
  [...items.values()].flatMap((pod) => (pod.metadata.namespace === namespace ? (toLive(pod) ?? []) : []));

function toLive(pod: KeptPod | undefined): SidecarPod | null {
  if (pod?.isLive !== true) return null;
  return { pod: pod.metadata.name, podUid: pod.metadata.uid ?? '' };
}
