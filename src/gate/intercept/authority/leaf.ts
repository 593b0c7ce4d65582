// An authority's root and one of its hosts in; a certificate for that host, good for a day, out.
import type { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Host } from './host.ts';
import { ALGORITHM, makeSerial } from '../../../lib/ecdsa.ts';
import { BACKDATED_MS, type Root } from './root.ts';

const LIFE_MS = 24 * 3_600_000;

export interface Term {
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** From here on a new one is to be issued: less than a third of its life is left. */
  readonly renewAtMs: number;
}

/** A leaf lives within its authority's life; one that ends with it has no successor. @throws Error after that. */
export function termAt(now: Date, { certificate }: Root): Term {
  const { notBefore, notAfter } = certificate;
  const lastMs = notAfter.getTime();
  if (now.getTime() >= lastMs)
    throw new Error(
      `The authority of this pod ended at ${notAfter.toISOString()}: the pod has to start anew.`,
    );
  const endMs = now.getTime() + LIFE_MS;
  return {
    notBefore: new Date(Math.max(now.getTime() - BACKDATED_MS, notBefore.getTime())),
    notAfter: new Date(Math.min(endMs, lastMs)),
    renewAtMs: endMs < lastMs ? endMs - LIFE_MS / 3 : lastMs,
  };
}

interface Issue {
  readonly root: Root;
  readonly host: Host;
  readonly term: Term;
  readonly publicKey: webcrypto.CryptoKey;
}

/** As PEM. Its subject is empty, so nobody can take a common name for a host; the name that counts is critical then. */
export async function issueLeaf({ root, host, term, publicKey }: Issue): Promise<string> {
  const { kind, name } = host;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: makeSerial(),
    issuer: root.certificate.subjectName,
    notBefore: term.notBefore,
    notAfter: term.notAfter,
    signingAlgorithm: ALGORITHM,
    signingKey: root.privateKey,
    publicKey,
    extensions: [
      new SubjectAlternativeNameExtension([{ type: kind === 'dns' ? 'dns' : 'ip', value: name }], true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}
