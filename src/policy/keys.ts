// PEM in, an Ed25519 key out, or what is wrong with it; and new ones.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  hkdfSync,
  KeyObject,
} from 'node:crypto';
import { err, ok, type Result } from '../lib/result.ts';

const TYPE = 'ed25519';
const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;
const KEY_ID_CHARACTERS = 16;

/** The error says what is wrong, never what is in it. */
export const parsePublicKey = (pem: string): Result<KeyObject, string> =>
  parseKey(pem, 'PUBLIC KEY', createPublicKey);

export const parsePrivateKey = (pem: string): Result<KeyObject, string> =>
  parseKey(pem, 'PRIVATE KEY', createPrivateKey);

/** Node would take a private key, or a certificate, for its public key: which is a mistake to be told of. */
function parseKey(pem: string, label: string, create: (pem: string) => KeyObject): Result<KeyObject, string> {
  const labels = [...pem.matchAll(BEGIN)].map(([, found = '']) => found);
  if (labels.length !== 1 || labels[0] !== label) {
    const found = labels.length === 0 ? 'no PEM' : labels.join(' and ');
    return err(`holds ${found} where one ${label} is expected`);
  }
  try {
    const key = create(pem);
    const { asymmetricKeyType: type } = key;
    return type === TYPE ? ok(key) : err(`holds a key of type ${type ?? 'unknown'}, not ${TYPE}`);
  } catch {
    return err(`holds a ${label} that cannot be read`);
  }
}

/** Begins the SHA-256 of the public key: the same for both halves, and for everybody who has one. */
export function nameKey(key: KeyObject): string {
  const half = key.type === 'public' ? key : createPublicKey(key);
  return hash('sha256', half.export({ type: 'spki', format: 'der' })).slice(0, KEY_ID_CHARACTERS);
}

/** What comes before the 32 bytes of an Ed25519 key in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_BYTES = 32;

/** A key for one purpose alone; of it nobody finds the first, nor that for another. */
export function deriveKey(key: KeyObject, purpose: string): KeyObject {
  const { d = '' } = key.export({ format: 'jwk' });
  const secret = Buffer.from(d, 'base64url');
  const derived = Buffer.from(hkdfSync('sha256', secret, '', `postern bundle ${purpose}`, KEY_BYTES));
  return createPrivateKey({ key: Buffer.concat([PKCS8, derived]), format: 'der', type: 'pkcs8' });
}

export interface KeyPair {
  readonly keyId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly publicKey: string;
}

export function generateKeys(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync(TYPE);
  return {
    keyId: nameKey(publicKey),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
