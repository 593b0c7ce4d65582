// The bytes of a bundle and the keys that are trusted in; the bundle and who signed it out, or why it is not to be trusted.
import { verify, type KeyObject } from 'node:crypto';
import { ok, type Result } from '../lib/result.ts';
import { parseContents, type Bundle } from './bundle.ts';
import { unpackArchive, type Archive, type BundleFault } from './bundle-archive.ts';
import { parsePayload, parseToken } from './signature-token.ts';
import { signatureFault, type Signature, type SignatureFault } from './signature.ts';

export interface SignedBundle {
  readonly bundle: Bundle;
  readonly signature: Signature;
}

/** The key of that name; never another one because there is none. */
export type FindKey = (keyId: string) => Promise<Result<KeyObject, SignatureFault>>;

/** What was not signed is not even parsed. */
export async function verifyBundle(
  bytes: Uint8Array,
  findKey: FindKey,
): Promise<Result<SignedBundle, BundleFault | SignatureFault>> {
  const archive = unpackArchive(bytes);
  if (!archive.ok) return archive;
  const signature = await verifyArchive(archive.value, findKey);
  if (!signature.ok) return signature;
  const bundle = parseContents(archive.value.contents);
  return bundle.ok ? ok({ bundle: bundle.value, signature: signature.value }) : bundle;
}

async function verifyArchive(
  { contents, signatures }: Archive,
  findKey: FindKey,
): Promise<Result<Signature, SignatureFault>> {
  if (signatures === null) return signatureFault('signature.missing', 'The bundle is not signed.');
  const token = parseToken(signatures);
  if (!token.ok) return token;
  const key = await findKey(token.value.keyId);
  if (!key.ok) return key;
  if (!verify(null, token.value.signed, key.value, token.value.signature)) {
    return signatureFault('signature.invalid', 'The signature was not made with this key, or was changed.');
  }
  return parsePayload(token.value, contents);
}
