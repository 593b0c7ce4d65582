// Nothing in; a key pair, a serial number or a key as PEM out. ECDSA with P-256 everywhere: every client has it.
import { createPrivateKey, KeyObject, randomBytes, type webcrypto } from 'node:crypto';

export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** PKCS #8. */
export const exportKey = (key: webcrypto.CryptoKey): string =>
  String(KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }));

/** @throws Error when it is no such key. */
export const importKey = (pem: string): webcrypto.CryptoKey =>
  createPrivateKey(pem).toCryptoKey(ALGORITHM, true, ['sign']);

/** 16 random bytes, as hexadecimal: positive, and never one byte shorter or longer. */
export function makeSerial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40);
  return bytes.toString('hex');
}
