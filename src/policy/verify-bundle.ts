// The bytes of a bundle and the keys that are trusted in; the bundle and who signed it out, or why it is not to be trusted.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { ok, type Result } from '../lib/result.ts';
import { parseContents, type Bundle } from './bundle.ts';
import { unpackArchive, type Archive, type BundleFault } from './bundle-archive.ts';
import { parsePayload, parseToken, type Token } from './signature-token.ts';
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
  return signature.ok ? parseSigned(archive.value, signature.value) : signature;
}

/** The same with keys that are at hand, by their names. */
export function verifyBundleWith(
  bytes: Uint8Array,
  keys: ReadonlyMap<string, KeyObject>,
): Result<SignedBundle, BundleFault | SignatureFault> {
  const archive = unpackArchive(bytes);
  if (!archive.ok) return archive;
  const token = readToken(archive.value);
  if (!token.ok) return token;
  const key = keys.get(token.value.keyId);
  if (key === undefined) return signatureFault('signature.unknown_key', 'It names a key that is not known.');
  const signature = prove(archive.value, token.value, key.type === 'private' ? createPublicKey(key) : key);
  return signature.ok ? parseSigned(archive.value, signature.value) : signature;
}

function parseSigned({ contents }: Archive, signature: Signature): Result<SignedBundle, BundleFault> {
  const bundle = parseContents(contents);
  return bundle.ok ? ok({ bundle: bundle.value, signature }) : bundle;
}

async function verifyArchive(archive: Archive, findKey: FindKey): Promise<Result<Signature, SignatureFault>> {
  const token = readToken(archive);
  if (!token.ok) return token;
  const key = await findKey(token.value.keyId);
  return key.ok ? prove(archive, token.value, key.value) : key;
}

const readToken = ({ signatures }: Archive): Result<Token, SignatureFault> =>
  signatures === null
    ? signatureFault('signature.missing', 'The bundle is not signed.')
    : parseToken(signatures);

function prove({ contents }: Archive, token: Token, key: KeyObject): Result<Signature, SignatureFault> {
  if (!verify(null, token.signed, key, token.signature)) {
    return signatureFault('signature.invalid', 'The signature was not made with this key, or was changed.');
  }
  return parsePayload(token, contents);
}
