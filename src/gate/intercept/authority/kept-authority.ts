// A key file in; the authority that a container of this pod had before, or where it does not fit a new one, out.
import { X509Certificate as NodeCertificate, createPrivateKey } from 'node:crypto';
import { PemConverter, X509Certificate } from '@peculiar/x509';
import { readSmallFile } from '../../../lib/read-small-file.ts';
import { writeWhole } from '../../../lib/write-whole.ts';
import { type Authority, openRoot } from './authority.ts';
import { type Host, readHosts } from './host.ts';
import { ALGORITHM, exportKey } from '../../../lib/ecdsa.ts';
import { constrainTo } from './name-constraints.ts';
import { createRoot, type Root } from './root.ts';

const LEAST_LEFT_MS = 30 * 24 * 3_600_000;
const OWNER_ONLY = 0o600;

interface Kept {
  readonly hosts: readonly string[];
  /** Private key (PKCS #8) and certificate, as PEM; null keeps nothing. */
  readonly keyFile: string | null;
  readonly now?: Date;
}

/**
 * What applications trusted when they started outlives the sidecar's container, not the pod.
 * @throws Error when the file is there and cannot be read, is broken, or cannot be written.
 */
export async function openAuthority({ hosts, keyFile, now = new Date() }: Kept): Promise<Authority> {
  const known = readHosts(hosts);
  const kept = keyFile === null ? null : await readRoot(keyFile);
  if (kept !== null && isFit(kept, known, now)) return openRoot(kept, known);
  const root = await createRoot(known, now);
  if (keyFile !== null) await writeRoot(keyFile, root);
  return openRoot(root, known);
}

/** For the same hosts exactly: neither may it speak for more, nor be asked for what it may not. */
function isFit({ certificate }: Root, hosts: readonly Host[], now: Date): boolean {
  const constraints = constrainTo(hosts);
  const kept = certificate.getExtension(constraints.type);
  const isSame = kept !== null && Buffer.from(kept.rawData).equals(Buffer.from(constraints.rawData));
  return isSame && certificate.notAfter.getTime() - now.getTime() >= LEAST_LEFT_MS;
}

async function readRoot(file: string): Promise<Root | null> {
  const text = await readSmallFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw broken(file, `cannot be read (${cause.code ?? cause.name})`);
  });
  if (text === null) return null;
  try {
    return await parseRoot(text);
  } catch {
    // Without the cause: it may quote what it failed on, and that is a key.
    throw broken(file, 'does not hold a private key and its certificate');
  }
}

const broken = (file: string, what: string): Error =>
  new Error(`The key file of the pod's authority, ${file}, ${what}. Remove it, and a new one is made.`);

async function parseRoot(text: string): Promise<Root> {
  const [key, certificate, ...more] = PemConverter.decodeWithHeaders(text);
  if (key === undefined || certificate === undefined || more.length > 0) throw new Error('two are needed');
  const privateKey = await crypto.subtle.importKey('pkcs8', key.rawData, ALGORITHM, true, ['sign']);
  const node = new NodeCertificate(Buffer.from(certificate.rawData));
  const isPair = node.checkPrivateKey(
    createPrivateKey({ key: Buffer.from(key.rawData), format: 'der', type: 'pkcs8' }),
  );
  if (!isPair || !node.verify(node.publicKey)) throw new Error('not each other’s');
  return { certificate: new X509Certificate(certificate.rawData), privateKey };
}

async function writeRoot(file: string, { certificate, privateKey }: Root): Promise<void> {
  await writeWhole(file, `${exportKey(privateKey)}${certificate.toString('pem')}\n`, OWNER_ONLY);
}
