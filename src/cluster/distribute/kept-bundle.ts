// A ConfigMap in which the controller keeps a bundle in; the bundle, decoded and checked once, out. Of what others labelled so only the name is held.
import { hash } from 'node:crypto';
import { readBundle } from '../../policy/index.ts';
import { identityOf, type KubeObject } from '../reflect/index.ts';
import { LARGEST_BUNDLE_BYTES, type Built } from './build-set.ts';
import type { ConfigMap } from './config-map.ts';
import { BUNDLE_KEY, BUNDLE_NAME, isBundleName } from './names.ts';
import type { Signing } from './signing.ts';

export interface KeptBundle extends KubeObject {
  /** Null where there is no bundle that could be distributed. */
  readonly digest: string | null;
  readonly size: number;
  /** Null where there is none, or its bytes are not at hand. */
  readonly built: Built | null;
}

/** With a signature it may be larger than without. */
const LARGEST_BYTES = LARGEST_BUNDLE_BYTES + 16 * 1024;

/** Anybody may put our label on anything. Where we sign, what we did not sign for this namespace is no bundle. */
export function keepBundle(object: ConfigMap, signing: Pick<Signing, 'isSigned'> | null = null): KeptBundle {
  const { namespace = '', creationTimestamp = '' } = object.metadata;
  const metadata = { ...identityOf(object), creationTimestamp };
  const bytes = decode(object);
  const isOurs = bytes !== null && (signing?.isSigned(namespace, bytes) ?? true);
  const built = isOurs ? readOnce(bytes) : null;
  return built === null
    ? { metadata, digest: null, size: 0, built }
    : { metadata, digest: built.digest, size: built.bytes.length, built };
}

/** Five bundles of every namespace would fill the memory: of the history only what somebody asks for is at hand. */
export const shed = (kept: KeptBundle): KeptBundle =>
  kept.metadata.name === BUNDLE_NAME ? kept : { ...kept, built: null };

/** Null for what is not ours by its name, or larger than any that was written here. */
function decode({ metadata: { name }, binaryData = {} }: ConfigMap): Buffer | null {
  const text = binaryData[BUNDLE_KEY] ?? '';
  const isKept = isBundleName(name) && Buffer.byteLength(text, 'base64') <= LARGEST_BYTES;
  return isKept ? Buffer.from(text, 'base64') : null;
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
