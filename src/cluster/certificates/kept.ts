// The Secret that all replicas share in; the authorities and the leaf it holds out, and the other way round.
import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KubeObject } from '../reflect/index.ts';
import { type KeyedCertificate, lifeOf } from './issue.ts';
import type { RotationState } from './rotation.ts';

export interface Secret extends KubeObject {
  readonly type?: string;
  /** In base64. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface Kept {
  readonly current: KeyedCertificate | null;
  readonly next: KeyedCertificate | null;
  readonly nextPublished: Date | null;
  /** Its key is destroyed. */
  readonly previous: string | null;
  readonly leaf: KeyedCertificate | null;
}

const PUBLISHED = 'postern.dev/next-authority-published';

/** What is broken counts as not there: it is made anew. */
export function parseKept(secret: Secret): Kept {
  const previous = readText(secret, 'previous.crt');
  const published = new Date(secret.metadata.annotations?.[PUBLISHED] ?? '');
  return {
    current: readPair(secret, 'current'),
    next: readPair(secret, 'next'),
    nextPublished: Number.isNaN(published.getTime()) ? null : published,
    previous: previous !== null && isCertificate(previous) ? previous : null,
    leaf: readPair(secret, 'tls'),
  };
}

/** `ca.crt` is for people and for other programs: all that is trusted. Annotations of others stay. */
export const writeKept = (
  kept: Kept,
  { [PUBLISHED]: _before, ...others }: Readonly<Record<string, string>> = {},
): Pick<Secret, 'type' | 'data'> & { annotations: Record<string, string> } => ({
  type: 'Opaque',
  annotations: {
    ...others,
    ...(kept.nextPublished !== null && { [PUBLISHED]: kept.nextPublished.toISOString() }),
  },
  data: {
    'ca.crt': encode(trustOf(kept)),
    ...encodePair('current', kept.current),
    ...encodePair('next', kept.next),
    ...encodePair('tls', kept.leaf),
    ...(kept.previous !== null && { 'previous.crt': encode(kept.previous) }),
  },
});

/** What everybody is to trust, oldest first. */
export const trustOf = ({ previous, current, next }: Kept): string =>
  [previous, current?.certificate, next?.certificate].filter((pem) => pem !== null).join('');

/** A leaf for other names than these is none. */
export function stateOf(
  { current, next, nextPublished, previous, leaf }: Kept,
  names: readonly string[],
): RotationState {
  const publishedMs = nextPublished?.getTime() ?? null;
  return {
    current: current && lifeOf(current.certificate),
    next: next && { ...lifeOf(next.certificate), publishedMs },
    previous: previous === null ? null : lifeOf(previous),
    leaf:
      leaf && isFor(leaf.certificate, names)
        ? { ...lifeOf(leaf.certificate), issuer: issuerOf(leaf.certificate, current) }
        : null,
  };
}

function isFor(leaf: string, names: readonly string[]): boolean {
  const certificate = new X509Certificate(leaf);
  return names.every((name) => certificate.checkHost(name) !== undefined);
}

/** Nobody but the current authority matters. */
function issuerOf(leaf: string, current: KeyedCertificate | null): string {
  if (current === null) return '';
  const authority = new X509Certificate(current.certificate);
  return new X509Certificate(leaf).verify(authority.publicKey) ? authority.fingerprint256 : '';
}

/** Null unless it holds both, and they belong together. */
export function readPair(secret: Secret, name: string): KeyedCertificate | null {
  const [certificate, key] = [readText(secret, `${name}.crt`), readText(secret, `${name}.key`)];
  if (certificate === null || key === null) return null;
  try {
    const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
    return isPair ? { certificate, key } : null;
  } catch {
    return null;
  }
}

export function readText({ data = {} }: Secret, name: string): string | null {
  const text = data[name];
  return text === undefined ? null : Buffer.from(text, 'base64').toString('utf8');
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

const encodePair = (name: string, pair: KeyedCertificate | null): Record<string, string> =>
  pair === null ? {} : { [`${name}.crt`]: encode(pair.certificate), [`${name}.key`]: encode(pair.key) };
