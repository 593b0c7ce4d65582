// The hashes of a bundle's files in, `.signatures.json` with one JWS out; and back, proving nothing yet. The layout is OPA's.
import { hash } from 'node:crypto';
import { ok, type Result } from '../lib/result.ts';
import { CONTENT_NAMES, type Contents } from './bundle-archive.ts';
import { decodeJson, encodeJson, hasKeys, isRecord } from './json-bytes.ts';
import { isKeyId, isSerial, signatureFault, type Signature, type SignatureFault } from './signature.ts';

export interface Token {
  /** As the token says of itself. */
  readonly keyId: string;
  /** What the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
  readonly payload: Uint8Array;
}

/** EdDSA with Ed25519, and never another: a token must not choose how it is checked. */
const ALGORITHM = 'EdDSA';
const LARGEST_BYTES = 16_384;
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** `sign` makes the signature. */
export function writeToken(
  contents: Contents,
  { keyId, serial }: Signature,
  sign: (signed: Buffer) => Buffer,
): Buffer {
  const header = { alg: ALGORITHM, kid: keyId };
  const payload = { files: describeFiles(contents), keyid: keyId, serial };
  const signed = [header, payload].map((part) => encodeJson(part).toString('base64url')).join('.');
  return encodeJson({ signatures: [`${signed}.${sign(Buffer.from(signed)).toString('base64url')}`] });
}

export function parseToken(bytes: Uint8Array): Result<Token, SignatureFault> {
  const document = bytes.byteLength > LARGEST_BYTES ? undefined : decodeJson(bytes);
  const [text, ...more] = hasKeys(document, ['signatures']) ? listOf(document.signatures) : [];
  const parts = typeof text === 'string' && more.length === 0 ? COMPACT.exec(text) : null;
  if (parts === null) return malformed('it holds one JWS in compact form');
  const [, header = '', payload = '', signature = ''] = parts;
  const keyId = parseHeader(decodeJson(Buffer.from(header, 'base64url')));
  if (!keyId.ok) return keyId;
  return ok({
    keyId: keyId.value,
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
    payload: Buffer.from(payload, 'base64url'),
  });
}

function parseHeader(header: unknown): Result<string, SignatureFault> {
  if (!isRecord(header)) return malformed('its header is a JSON object');
  const { alg, kid } = header;
  if (alg !== ALGORITHM) return signatureFault('signature.algorithm', `The algorithm is not ${ALGORITHM}.`);
  if (kid === undefined || kid === '') return signatureFault('signature.no_key_id', 'It names no key.');
  return isKeyId(kid) && hasKeys(header, ['alg', 'kid'])
    ? ok(kid)
    : malformed('its header is alg and kid, and kid is letters, digits, dots, dashes and underscores');
}

/** Only for what is proven to come from the owner of the key. Checks that it is about exactly these contents. */
export function parsePayload(
  { keyId, payload }: Token,
  contents: Contents,
): Result<Signature, SignatureFault> {
  const claims = decodeJson(payload);
  if (!hasKeys(claims, ['files', 'keyid', 'serial'])) return malformed('it signs files, keyid and serial');
  const { files, keyid, serial } = claims;
  if (keyid !== keyId || !isSerial(serial)) {
    return malformed('its keyid is that of the header, and its serial a whole number');
  }
  const isSame = encodeJson(files).equals(encodeJson(describeFiles(contents)));
  return isSame
    ? ok({ keyId, serial })
    : signatureFault('signature.contents', 'The files of the bundle are not those that were signed.');
}

/** Hashes of bytes. OPA hashes JSON by its values, which for JSON as we write it is nearly always the same. */
const describeFiles = (contents: Contents): object[] =>
  CONTENT_NAMES.map((name) => ({ name, hash: hash('sha256', contents[name]), algorithm: 'SHA-256' }));

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const malformed = (expected: string): { ok: false; error: SignatureFault } =>
  signatureFault('signature.malformed', `The signature is not as Postern writes it: ${expected}.`);
