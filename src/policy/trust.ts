// What the configuration says of signatures in; keys by their names, and how far back a bundle may go, out.
import type { SignatureKeys } from '../config/index.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { BundleFault } from './bundle-archive.ts';
import { parsePublicKey } from './keys.ts';
import { nameError } from './name-error.ts';
import { readSmallFile } from '../lib/read-small-file.ts';
import { SerialMark } from './serial-mark.ts';
import { signatureFault, type SignatureFault } from './signature.ts';
import { verifyBundle, type FindKey, type SignedBundle } from './verify-bundle.ts';

/** Whoever holds one takes nothing that is not signed. */
export interface Trust {
  readonly findKey: FindKey;
  /** Null where any serial will do. */
  readonly mark: SerialMark | null;
}

export const createTrust = (options: SignatureKeys): Trust => ({
  findKey: async (keyId) => findKey(options.keys, keyId),
  mark: new SerialMark(options),
});

/** Verified, and not older than what was in force before. */
export async function admitBundle(
  bytes: Uint8Array,
  { findKey, mark }: Trust,
): Promise<Result<SignedBundle, BundleFault | SignatureFault>> {
  const signed = await verifyBundle(bytes, findKey);
  const fault = signed.ok ? await mark?.check(signed.value) : null;
  return fault ? err(fault) : signed;
}

/** Files are read each time, so that a new one needs no restart. */
async function findKey(keys: SignatureKeys['keys'], keyId: string): ReturnType<FindKey> {
  const source = keys.get(keyId);
  if (source === undefined) {
    const known = [...keys.keys()].join(', ');
    return signatureFault('signature.unknown_key', `It names the key ${keyId}; trusted are ${known}.`);
  }
  const pem = await readPem(source);
  const key = pem.ok ? parsePublicKey(pem.value) : pem;
  return key.ok
    ? key
    : signatureFault('signature.key', `The key ${keyId} of policy.signature.keys ${key.error}.`);
}

async function readPem(source: string): Promise<Result<string, string>> {
  if (source.startsWith('-----BEGIN')) return ok(source);
  try {
    return ok(await readSmallFile(source));
  } catch (error) {
    return err(`cannot be read: ${nameError(error)}`);
  }
}
