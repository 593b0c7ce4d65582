// What a signature on a bundle says once it is proven, and why one may not be.
import { err } from '../lib/result.ts';

/** Proven: nobody without the private key can have made it. */
export interface Signature {
  /** The name under which the key was found. */
  readonly keyId: string;
  /** Only grows from bundle to bundle, so that an older one is known for what it is. */
  readonly serial: number;
}

export interface SignatureFault {
  readonly code: `signature.${
    | 'missing'
    | 'sources'
    | 'malformed'
    | 'algorithm'
    | 'no_key_id'
    | 'unknown_key'
    | 'key'
    | 'invalid'
    | 'contents'
    | 'rollback'
    | 'state'}`;
  readonly message: string;
}

export const signatureFault = (
  code: SignatureFault['code'],
  message: string,
): { ok: false; error: SignatureFault } => err({ code, message });

const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

export const isKeyId = (value: unknown): value is string => typeof value === 'string' && KEY_ID.test(value);

export const isSerial = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
