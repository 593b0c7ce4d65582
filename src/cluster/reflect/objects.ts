// One object of the API server, by its kind and name, in; what is there, or what became of a change, out.
import { err, ok } from '../../lib/result.ts';
import type { ApiRequest, Client } from './client.ts';
import type { Answered } from './failure.ts';

export interface Metadata {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
}

export interface Resource {
  /** `v1`, or `<group>/<version>`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

interface Place {
  /** Without one: all namespaces, or none at all. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export const CONFIG_MAPS: Resource = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' };
export const SECRETS: Resource = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' };

/** The owner of our fields where several share an object. */
const FIELD_MANAGER = 'postern';

export function pathOf({ apiVersion, plural }: Resource, { namespace, name }: Place = {}): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const inside = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const last = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${inside}/${plural}${last}`;
}

/** `namespace/name`, or the name alone of what belongs to no namespace. */
export const keyOf = ({ metadata: { namespace, name } }: KubeObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

/** Of which object, and which version of it: the least that a mirror holds. */
export const identityOf = ({
  metadata: { name, namespace, uid = '', resourceVersion = '' },
}: KubeObject): Metadata => ({ name, namespace, uid, resourceVersion });

export const getObject = <T extends KubeObject>(
  client: Client,
  resource: Resource,
  place: Place & { readonly name: string },
): Promise<Answered<T>> => ask<T>(client, { method: 'GET', path: pathOf(resource, place) });

/** `already_exists` when it does. */
export const createObject = <T extends KubeObject>(
  client: Client,
  resource: Resource,
  object: T,
): Promise<Answered<T>> =>
  ask<T>(client, {
    method: 'POST',
    path: pathOf(resource, { namespace: object.metadata.namespace }),
    query: { fieldManager: FIELD_MANAGER },
    body: withKind(resource, object),
  });

/** `conflict` when it is no longer the one that `metadata.resourceVersion` says. */
export const replaceObject = <T extends KubeObject>(
  client: Client,
  resource: Resource,
  object: T & { readonly metadata: { readonly resourceVersion: string } },
): Promise<Answered<T>> =>
  ask<T>(client, {
    method: 'PUT',
    path: pathOf(resource, object.metadata),
    query: { fieldManager: FIELD_MANAGER },
    body: withKind(resource, object),
  });

/** Server-side apply: the fields given here are ours from now on, fields of ours that are left out go, all others stay. */
export const applyObject = <T extends KubeObject>(
  client: Client,
  resource: Resource,
  object: T,
): Promise<Answered<T>> =>
  ask<T>(client, {
    method: 'PATCH',
    path: pathOf(resource, object.metadata),
    query: { fieldManager: FIELD_MANAGER, force: true },
    contentType: 'application/apply-patch+yaml',
    body: withKind(resource, object),
  });

/** Like `applyObject`; one that cannot become what it is to be, e.g. because somebody made it immutable, is deleted and made anew. */
export async function enforceObject<T extends KubeObject>(
  client: Client,
  resource: Resource,
  object: T,
): Promise<Answered<T>> {
  const applied = await applyObject(client, resource, object);
  if (applied.ok || applied.error.code !== 'invalid') return applied;
  const found = await getObject<T>(client, resource, object.metadata);
  if (!found.ok) return applied;
  const { namespace, name, uid = '' } = found.value.metadata;
  const deleted = await deleteObject(client, resource, { namespace, name, uid });
  return deleted.ok ? applyObject(client, resource, object) : deleted;
}

/** Only the very object that was meant, when it is told by `uid` or `resourceVersion`; `conflict` else. */
export async function deleteObject(
  client: Client,
  resource: Resource,
  { namespace, name, ...meant }: Metadata,
): Promise<Answered<void>> {
  const { uid, resourceVersion } = meant;
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } };
  const answer = await client.ask({ method: 'DELETE', path: pathOf(resource, { namespace, name }), body });
  return answer.ok ? ok(undefined) : answer;
}

const withKind = ({ apiVersion, kind }: Resource, object: KubeObject): object => ({
  ...object,
  apiVersion,
  kind,
});

async function ask<T extends KubeObject>(client: Client, request: ApiRequest): Promise<Answered<T>> {
  const answer = await client.ask(request);
  if (!answer.ok) return answer;
  return isObject(answer.value)
    ? ok(answer.value as T)
    : err({ code: 'malformed', message: 'the answer is no object of this API' });
}

/** That it has a name: the API server vouches for the rest. */
export function isObject(value: unknown): value is KubeObject {
  const { metadata } = (value ?? {}) as { metadata?: { name?: unknown } | null };
  return typeof metadata?.name === 'string';
}
