// What is held, and a list or an event of the API server, in; what is held then, and the keys of what changed, out.
import { type KubeObject, keyOf } from './objects.ts';

export type Change<T> = {
  readonly kind: 'is' | 'gone';
  readonly object: T;
};

/** All that there is: what is not in it is gone. */
export function foldList<T extends KubeObject>(held: Map<string, T>, list: readonly T[]): readonly string[] {
  const listed = new Map(list.map((object) => [keyOf(object), object]));
  const gone = [...held.keys()].filter((key) => !listed.has(key));
  const changed = [...listed].filter(([key, object]) => !isSame(held.get(key), object));
  for (const key of gone) held.delete(key);
  for (const [key, object] of changed) held.set(key, object);
  return [...gone, ...changed.map(([key]) => key)];
}

/** Null when it is known already. */
export function foldChange<T extends KubeObject>(
  held: Map<string, T>,
  { kind, object }: Change<T>,
): string | null {
  const key = keyOf(object);
  if (kind === 'gone') return held.delete(key) ? key : null;
  if (isSame(held.get(key), object)) return null;
  held.set(key, object);
  return key;
}

/** Versions of one object differ whenever it does; those of two objects say nothing. */
const isSame = (held: KubeObject | undefined, { metadata }: KubeObject): boolean =>
  held?.metadata.uid === metadata.uid && held?.metadata.resourceVersion === metadata.resourceVersion;
