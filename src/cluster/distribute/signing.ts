// Keys of the controller in; bundles signed for one namespace and no other, and whether one was, out.
import { readdir } from 'node:fs/promises';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { readSmallFile } from '../../lib/read-small-file.ts';
import { deriveKey, nameKey, parsePrivateKey, signBundle, verifyBundleWith } from '../../policy/index.ts';
import type { Built } from './build-set.ts';

export interface Signing {
  /** What sidecars of a namespace are to trust: PEM by key id. */
  readonly publicKeysOf: (namespace: string) => Readonly<Record<string, string>>;
  /** The same contents, under a serial that is higher than any before. */
  readonly sign: (namespace: string, built: Built) => Built;
  /** Whether one of these keys has signed it, for this namespace. */
  readonly isSigned: (namespace: string, bytes: Uint8Array) => boolean;
}

/** It signs; all others beside it are only trusted, while keys are changed. */
const SIGNS = 'signing.pem';

/** @throws Error naming the file that is missing or no key: what is to be signed is not handed out unsigned. */
export async function readSigning(directory: string): Promise<Signing> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.pem') && name !== SIGNS);
  return createSigning(
    await Promise.all([SIGNS, ...names.sort()].map((name) => readKey(join(directory, name)))),
  );
}

async function readKey(file: string): Promise<KeyObject> {
  const key = parsePrivateKey(await readSmallFile(file));
  if (!key.ok) throw new Error(`${file} ${key.error}`);
  return key.value;
}

/** The first one signs. */
export function createSigning(keys: readonly KeyObject[]): Signing {
  const known = new Map<string, ReadonlyMap<string, KeyObject>>();
  let last = 0;
  /** Each namespace has keys of its own, so that nobody brings a bundle of one into another. */
  const keysOf = (namespace: string): ReadonlyMap<string, KeyObject> => {
    const own = known.get(namespace) ?? namedKeys(keys.map((key) => deriveKey(key, namespace)));
    known.set(namespace, own);
    return own;
  };
  return {
    publicKeysOf: (namespace) =>
      Object.fromEntries([...keysOf(namespace)].map(([keyId, key]) => [keyId, writePublic(key)])),
    sign: (namespace, { bytes }) => {
      const [first] = keysOf(namespace);
      if (first === undefined) throw new Error('There is no key to sign with.');
      last = Math.max(Date.now(), last + 1);
      const signed = signBundle(bytes, { keyId: first[0], key: first[1], serial: last });
      if (!signed.ok) throw new Error(signed.error.message);
      return { digest: signed.value.bundle.digest, bytes: signed.value.bytes };
    },
    isSigned: (namespace, bytes) => {
      const signed = verifyBundleWith(bytes, keysOf(namespace));
      // Another replica's clock may be ahead of ours.
      if (signed.ok) last = Math.max(last, signed.value.signature.serial);
      return signed.ok;
    },
  };
}

const namedKeys = (keys: readonly KeyObject[]): ReadonlyMap<string, KeyObject> =>
  new Map(keys.map((key) => [nameKey(key), key]));

const writePublic = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
