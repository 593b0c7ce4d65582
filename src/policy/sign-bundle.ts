// The bytes of a bundle and a private key in; the same bundle signed, in place of any signature it had, out.
import { sign, type KeyObject } from 'node:crypto';
import { ok, type Result } from '../lib/result.ts';
import { parseContents, type Bundle } from './bundle.ts';
import { packArchive, unpackArchive, type BundleFault } from './bundle-archive.ts';
import type { Signature } from './signature.ts';
import { writeToken } from './signature-token.ts';

export interface Signer extends Signature {
  readonly key: KeyObject;
}

export interface SignedBytes {
  readonly bytes: Buffer;
  readonly bundle: Bundle;
}

/** Equal bundles, keys and serials give equal bytes. What no sidecar would load is not signed. */
export function signBundle(
  unsigned: Uint8Array,
  { key, ...signature }: Signer,
): Result<SignedBytes, BundleFault> {
  const archive = unpackArchive(unsigned);
  if (!archive.ok) return archive;
  const { contents } = archive.value;
  const bundle = parseContents(contents);
  if (!bundle.ok) return bundle;
  const signatures = writeToken(contents, signature, (signed) => sign(null, signed, key));
  const bytes = packArchive({ contents, signatures });
  return bytes.ok ? ok({ bytes: bytes.value, bundle: bundle.value }) : bytes;
}
