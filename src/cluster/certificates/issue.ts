// The time, and names to be certified, in; an authority of our own, or a leaf that one has issued, out.
import { X509Certificate as NodeCertificate } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { ALGORITHM, exportKey, generateKeys, importKey, makeSerial } from '../../lib/ecdsa.ts';
import type { Life } from './rotation.ts';

/** Both as PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Clocks differ. */
const BACKDATED_MS = 3_600_000;

/** Each under a name of its own, so that nobody takes one for another. */
export async function createAuthority(now: Date, lifeMs: number): Promise<KeyedCertificate> {
  const keys = await generateKeys();
  const serialNumber = makeSerial();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber,
    name: `CN=Postern controller authority ${serialNumber.slice(0, 8)}`,
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + lifeMs),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), key: exportKey(keys.privateKey) };
}

interface Wish {
  readonly names: readonly string[];
  readonly now: Date;
  readonly lifeMs: number;
}

/** Ends with its authority at the latest. */
export async function issueLeaf(
  authority: KeyedCertificate,
  { names, now, lifeMs }: Wish,
): Promise<KeyedCertificate> {
  const issuer = new X509Certificate(authority.certificate);
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: makeSerial(),
    issuer: issuer.subjectName,
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(Math.min(now.getTime() + lifeMs, issuer.notAfter.getTime())),
    signingAlgorithm: ALGORITHM,
    signingKey: importKey(authority.key),
    publicKey: keys.publicKey,
    extensions: [
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: 'dns' as const, value })),
        true,
      ),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), key: exportKey(keys.privateKey) };
}

const pemOf = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`;

/** Of a certificate that was issued here. */
export function lifeOf(pem: string): Life {
  const { fingerprint256, validFromDate, validToDate } = new NodeCertificate(pem);
  return {
    id: fingerprint256,
    beganMs: validFromDate.getTime() + BACKDATED_MS,
    endsMs: validToDate.getTime(),
  };
}
