// Keys and bundles in; bundles signed as they should be, or as somebody would who wants to deceive, out.
import { createPrivateKey, sign } from 'node:crypto';
import type { Result } from '../../src/lib/result.ts';
import { packArchive, unpackArchive, type Archive } from '../../src/policy/bundle-archive.ts';
import { generateKeys, signBundle } from '../../src/policy/index.ts';

export type Keys = ReturnType<typeof generateKeys>;

export const unwrap = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

/** As `postern policy bundle sign` does. */
export function signAs(keys: Keys, bytes: Uint8Array, { serial = 1, keyId = keys.keyId } = {}): Buffer {
  const key = createPrivateKey(keys.privateKey);
  return unwrap(signBundle(bytes, { key, keyId, serial })).bytes;
}

/** The bundle with some of its files changed, packed again as if nothing had been. */
export function tamper(bytes: Uint8Array, change: (archive: Archive) => Archive): Buffer {
  return unwrap(packArchive(change(unwrap(unpackArchive(bytes)))));
}

export interface TokenParts {
  readonly header: object;
  readonly payload: object;
}

/** A token that was rewritten, and signed again by whoever has these keys. */
export function forgeToken(keys: Keys, bytes: Uint8Array, forge: (parts: TokenParts) => TokenParts): Buffer {
  return tamper(bytes, (archive) => {
    const { signatures } = JSON.parse(Buffer.from(archive.signatures ?? []).toString()) as {
      signatures: string[];
    };
    const [header, payload] = (signatures[0] ?? '').split('.').slice(0, 2).map(decode);
    const forged = forge({ header, payload } as TokenParts);
    const signed = [forged.header, forged.payload].map(encode).join('.');
    const signature = sign(null, Buffer.from(signed), createPrivateKey(keys.privateKey)).toString(
      'base64url',
    );
    return {
      ...archive,
      signatures: Buffer.from(JSON.stringify({ signatures: [`${signed}.${signature}`] })),
    };
  });
}

const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** As the configuration would name them. */
export const trusting = (...keys: readonly Keys[]): ReadonlyMap<string, string> =>
  new Map(keys.map(({ keyId, publicKey }) => [keyId, publicKey]));
