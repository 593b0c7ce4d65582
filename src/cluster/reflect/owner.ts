// An object of the installation's that no namespace holds in; what we make marked as its own, out: the cluster deletes it when that one is gone.
import type { Client } from './client.ts';
import { getObject, type KubeObject, type Resource } from './objects.ts';

const CLUSTER_ROLES: Resource = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
};

/** It may be made anew: what then names the one before would be deleted, and made anew, until we know. */
const KNOWN_MS = 10_000;

export class Owner {
  readonly #client: Client;
  readonly #name: string | null;
  #known: { readonly uid: string | null; readonly atMs: number } | null = null;

  /** `name` of a ClusterRole; null where nobody is to be the owner. */
  constructor(client: Client, name: string | null) {
    this.#client = client;
    this.#name = name;
  }

  /** As it is where the owner is not there, or was never seen. */
  async own<T extends KubeObject>(object: T): Promise<T> {
    const { apiVersion, kind } = CLUSTER_ROLES;
    const [name, uid] = [this.#name, await this.#find()];
    if (name === null || uid === null) return object;
    return {
      ...object,
      metadata: { ...object.metadata, ownerReferences: [{ apiVersion, kind, name, uid }] },
    };
  }

  async #find(): Promise<string | null> {
    if (this.#name === null) return null;
    if (this.#known !== null && performance.now() - this.#known.atMs < KNOWN_MS) return this.#known.uid;
    const found = await getObject(this.#client, CLUSTER_ROLES, { name: this.#name });
    if (!found.ok && found.error.code !== 'not_found') return this.#known?.uid ?? null;
    const uid = found.ok ? (found.value.metadata.uid ?? null) : null;
    this.#known = { uid, atMs: performance.now() };
    return uid;
  }
}
