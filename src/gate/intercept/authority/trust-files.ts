// A pod's authority in; the files by which its clients trust it, out: alone, and with what the system trusts.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { TRUST_FILES } from '../../../lead/index.ts';
import { writeWhole } from '../../../lib/write-whole.ts';
import type { Authority } from './authority.ts';
import { encodeTrustStore, type TrustedCertificate } from './trust-store.ts';

type Files = Readonly<Record<string, string | Buffer>>;

const OWN_ALIAS = 'postern';
const WORLD_READABLE = 0o644;
const ENVELOPE = /-----(?:BEGIN|END) CERTIFICATE-----/g;

/** Variables that replace what a client trusts need all of it in one file, ours last. */
export function trustFiles({ certificatePem }: Pick<Authority, 'certificatePem'>): Files {
  const pems = [...listSystemRoots().filter((pem) => pem !== certificatePem), certificatePem];
  return {
    [TRUST_FILES.own]: certificatePem,
    [TRUST_FILES.bundle]: pems.join(''),
    [TRUST_FILES.store]: encodeTrustStore(
      pems.map((pem) => (pem === certificatePem ? { alias: OWN_ALIAS, der: decode(pem) } : nameByHash(pem))),
    ),
  };
}

/** @throws NodeJS.ErrnoException when the directory cannot be written to. */
export async function writeTrustFiles(directory: string, files: Files): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files))
    await writeWhole(join(directory, name), content, WORLD_READABLE);
}

/** Those of the machine, each once; where it has none, those that Node brings. */
function listSystemRoots(): readonly string[] {
  const system = getCACertificates('system');
  const roots = system.length > 0 ? system : getCACertificates('bundled');
  return [...new Set(roots.map((pem) => `${pem.trim()}\n`))];
}

/** Not by its subject: to read that of every root costs a tenth of a second, and there are two of one name. */
function nameByHash(pem: string): TrustedCertificate {
  const der = decode(pem);
  return { alias: createHash('sha256').update(der).digest('hex').slice(0, 16), der };
}

const decode = (pem: string): Buffer => Buffer.from(pem.replaceAll(ENVELOPE, ''), 'base64');
