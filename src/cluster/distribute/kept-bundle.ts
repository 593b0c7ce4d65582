// A ConfigMap in which the controller keeps a bundle in; the bundle, decoded and checked once, out. Of what others labelled so only the name is held.
import { hash } from 'node:crypto';
import { readBundle } from '../../policy/index.ts';
import type { KubeObject } from '../reflect/index.ts';
import { LARGEST_BUNDLE_BYTES, type Built } from './build-set.ts';
import type { ConfigMap } from './config-map.ts';
import { BUNDLE_KEY, isBundleName } from './names.ts';

export interface KeptBundle extends KubeObject {
  /** Null where there is no bundle that could be distributed. */
  readonly built: Built | null;
}

/** Anybody may put our label on anything. */
export function keepBundle({ metadata, binaryData }: ConfigMap): KeptBundle {
  const { name, namespace, uid = '', resourceVersion = '', creationTimestamp = '' } = metadata;
  const text = isBundleName(name) ? (binaryData?.[BUNDLE_KEY] ?? '') : '';
  return {
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    built:
      Buffer.byteLength(text, 'base64') > LARGEST_BUNDLE_BYTES ? null : readOnce(Buffer.from(text, 'base64')),
  };
}

/** Most namespaces have the same bundle, and each of them twice: the same bytes are held, and looked into, once. */
const known = new Map<string, WeakRef<Built>>();
const ended = new FinalizationRegistry<string>((key) => {
  if (known.get(key)?.deref() === undefined) known.delete(key);
});

function readOnce(bytes: Buffer): Built | null {
  const key = hash('sha256', bytes);
  const before = known.get(key)?.deref();
  if (before !== undefined) return before;
  const bundle = readBundle(bytes);
  if (!bundle.ok) return null;
  const built = { digest: bundle.value.digest, bytes };
  known.set(key, new WeakRef(built));
  ended.register(built, key);
  return built;
}
