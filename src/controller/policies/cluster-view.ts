// What the API server holds of policies, pods and namespaces in, as it is mirrored; what is to be known of a namespace out.
import {
  BUNDLE_LABEL,
  keepBundle,
  keepStatus,
  PIN,
  POLICY_SELECTORS,
  shed,
  STATUS_NAME,
  STATUS_SELECTOR,
  type ConfigMap,
  type KeptBundle,
  type KeptStatus,
  type Signing,
  type TargetPod,
  type ToldStatus,
} from '../../cluster/distribute/index.ts';
import {
  CONFIG_MAPS,
  getObject,
  mirror,
  pathOf,
  type Client,
  type KubeObject,
  type Mirror,
} from '../../cluster/reflect/index.ts';
import type { Log } from '../../gate/record/index.ts';
import type { Namespaces } from '../namespaces.ts';
import { Fetched } from './fetched.ts';

export interface ClusterViewOptions {
  readonly client: Client;
  readonly namespaces: Namespaces;
  readonly log: Log;
  /** Null where bundles are not signed. */
  readonly signing: Signing | null;
}

export class ClusterView implements Disposable {
  readonly synced: Promise<unknown>;
  readonly #sources: ReadonlyArray<Mirror<ConfigMap>>;
  readonly #kept: Mirror<KeptBundle>;
  readonly #told: Mirror<KeptStatus>;
  readonly #namespaces: Namespaces;
  readonly #fetched: Fetched;
  readonly #listeners = new Set<() => void>();

  constructor({ client, namespaces, log, signing }: ClusterViewOptions) {
    const where = { client, log, path: pathOf(CONFIG_MAPS) };
    this.#sources = POLICY_SELECTORS.map((labelSelector) => mirror<ConfigMap>({ ...where, labelSelector }));
    this.#kept = mirror({
      ...where,
      labelSelector: BUNDLE_LABEL,
      keep: (object) => shed(keepBundle(object, signing)),
    });
    this.#told = mirror({ ...where, labelSelector: STATUS_SELECTOR, keep: keepStatus });
    this.#namespaces = namespaces;
    this.#fetched = new Fetched({
      fetch: async ({ metadata }) => {
        const found = await getObject<ConfigMap>(client, CONFIG_MAPS, metadata);
        return found.ok ? keepBundle(found.value, signing) : null;
      },
      onChange: () => this.#listeners.forEach((listener) => listener()),
    });
    this.synced = Promise.all([...this.#mirrors(), namespaces].map(({ synced }) => synced));
  }

  get isSynced(): boolean {
    return this.#mirrors().every(({ isSynced }) => isSynced);
  }

  /** All that hold policies; one with two labels is one. */
  sources(): readonly ConfigMap[] {
    return [...new Map(this.#sources.flatMap(({ items }) => [...items])).values()];
  }

  sourcesOf(namespace: string): readonly ConfigMap[] {
    return this.sources().filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** With the bytes of the seed, and of what is pinned. */
  keptOf(namespace: string): readonly KeptBundle[] {
    const kept = [...this.#kept.items.values()].filter(({ metadata }) => metadata.namespace === namespace);
    return this.#fetched.complete(namespace, kept, this.pinOf(namespace));
  }

  /** What the leader, whoever that is, has told last. */
  toldOf(namespace: string): ToldStatus | null {
    return this.#told.items.get(`${namespace}/${STATUS_NAME}`)?.status ?? null;
  }

  annotationsOf(namespace: string): Readonly<Record<string, string>> {
    return this.#namespaces.find(namespace)?.annotations ?? {};
  }

  pinOf(namespace: string): string | null {
    return this.annotationsOf(namespace)[PIN] ?? null;
  }

  /** Namespaces that are to have policies. */
  audience(): readonly string[] {
    return this.#namespaces.withSidecars();
  }

  targetsOf(namespace: string): readonly TargetPod[] {
    return this.#namespaces.podsOf(namespace);
  }

  /** The uids of all pods with a sidecar that have not ended. */
  live(): ReadonlySet<string> {
    return new Set(
      this.audience().flatMap((namespace) => this.targetsOf(namespace).map(({ podUid }) => podUid)),
    );
  }

  subscribe(listener: () => void): () => void {
    const own = (): void => listener();
    const ends = [...this.#mirrors(), this.#namespaces].map((each) => each.subscribe(own));
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
      ends.forEach((end) => end());
    };
  }

  [Symbol.dispose](): void {
    for (const each of this.#mirrors()) each.close();
  }

  #mirrors(): ReadonlyArray<Mirror<KubeObject>> {
    return [...this.#sources, this.#kept, this.#told];
  }
}
