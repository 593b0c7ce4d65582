// A pod's authority in; the files by which its clients trust it, out: alone, and with what the system trusts.
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { writeWhole } from '../../../lib/write-whole.ts';
import type { Authority } from './authority.ts';
import { TRUST_FILES } from './trust-variables.ts';
import { encodeTrustStore } from './trust-store.ts';

type Files = Readonly<Record<string, string | Buffer>>;

const WORLD_READABLE = 0o644;

/** Variables that replace what a client trusts need all of it in one file, ours last. */
export function trustFiles({ certificatePem }: Pick<Authority, 'certificatePem'>): Files {
  const own = new X509Certificate(certificatePem);
  const all = [...listSystemRoots().filter(({ raw }) => !raw.equals(own.raw)), own];
  return {
    [TRUST_FILES.own]: certificatePem,
    [TRUST_FILES.bundle]: all.map(String).join(''),
    [TRUST_FILES.store]: encodeTrustStore(all.map((root) => ({ alias: nameRoot(root), der: root.raw }))),
  };
}

/** @throws NodeJS.ErrnoException when the directory cannot be written to. */
export async function writeTrustFiles(directory: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files))
    await writeWhole(join(directory, name), content, WORLD_READABLE);
}

/** Those of the machine; where it has none, those that Node brings. */
function listSystemRoots(): readonly X509Certificate[] {
  const system = getCACertificates('system');
  const roots = (system.length > 0 ? system : getCACertificates('bundled')).map(
    (pem) => new X509Certificate(pem),
  );
  return [...new Map(roots.map((root) => [root.fingerprint256, root])).values()];
}

/** For people to find it, and with a piece of its hash, for there are roots of one name. */
function nameRoot({ subject, fingerprint256 }: X509Certificate): string {
  const [last = ''] = subject.split('\n').slice(-1);
  const hash = fingerprint256.replaceAll(':', '').slice(0, 16);
  return `${last.slice(last.indexOf('=') + 1)} ${hash}`.toLowerCase();
}
