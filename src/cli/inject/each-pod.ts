// A manifest in; every pod in it shown to somebody, and the manifest with what he made of them, out.
import { isObject, podAt, podPathOf, type Json } from '../../cluster/admit/index.ts';

export interface Found {
  /** As people name it: `Deployment/chat`. */
  readonly name: string;
  /** Null where the manifest does not say. */
  readonly namespace: string | null;
  readonly pod: Json;
}

export type Change = (found: Found) => Json;

export function changePods(manifest: Json, change: Change): Json {
  const { items } = manifest;
  if (Array.isArray(items))
    return {
      ...manifest,
      items: items.map((item: unknown) => (isObject(item) ? changePods(item, change) : item)),
    };
  const path = podPathOf(manifest);
  const pod = path === null ? null : podAt(manifest, path);
  if (path === null || pod === null) return manifest;
  const metadata = isObject(manifest['metadata']) ? manifest['metadata'] : {};
  const { name, generateName, namespace } = metadata;
  const found = {
    name: `${String(manifest['kind'])}/${textOr(name, textOr(generateName, '?'))}`,
    namespace: typeof namespace === 'string' ? namespace : null,
    pod,
  };
  return replaceAt(manifest, path, change(found));
}

const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other);

function replaceAt(at: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  const below = at[key];
  return { ...at, [key]: replaceAt(isObject(below) ? below : {}, rest, value) };
}
