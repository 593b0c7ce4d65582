// The hosts of a pod in; the certificate that its clients are to trust, and the key behind it, out.
import type { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Host } from './host.ts';
import { ALGORITHM, generateKeys, makeSerial } from '../../../lib/ecdsa.ts';
import { constrainTo } from './name-constraints.ts';

export interface Root {
  readonly certificate: X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

const NAME = 'CN=Postern authority of this pod';
const HOUR_MS = 3_600_000;
const LIFE_MS = 365 * 24 * HOUR_MS;

/** Clocks of one node differ from each other's, and from their own of yesterday. */
export const BACKDATED_MS = HOUR_MS;

export async function createRoot(hosts: readonly Host[], now: Date): Promise<Root> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: makeSerial(),
    name: NAME,
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + LIFE_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      constrainTo(hosts),
    ],
  });
  return { certificate, privateKey: keys.privateKey };
}
