// The hosts whose TLS Postern ends in; the pod's authority, which issues certificates for these and nothing else, out.
import { type Host, readHost, readHosts } from './host.ts';
import { exportKey, generateKeys } from '../../../lib/ecdsa.ts';
import { issueLeaf, termAt } from './leaf.ts';
import { createRoot, type Root } from './root.ts';

/** Both as PEM. The same object comes back until a new one is issued. */
export interface Leaf {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly certificatePem: string;
  /** @throws Error for a host that is not one of the authority's, and when its own life is over. */
  readonly leafFor: (host: string, now?: Date) => Promise<Leaf>;
}

interface Issued {
  readonly renewAtMs: number;
  readonly leaf: Promise<Leaf>;
}

/** @throws Error when one of the hosts is no name that a certificate can carry. */
export async function createAuthority(hosts: readonly string[], now = new Date()): Promise<Authority> {
  const known = readHosts(hosts);
  return openRoot(await createRoot(known, now), known);
}

/** One pair of keys for all leaves: whoever could read one from memory could read them all. */
export async function openRoot(root: Root, hosts: readonly Host[]): Promise<Authority> {
  const keys = await generateKeys();
  const key = exportKey(keys.privateKey);
  const known = new Set(hosts.map(({ name }) => name));
  const issued = new Map<string, Issued>();

  const issue = (host: Host, now: Date): Promise<Leaf> => {
    const term = termAt(now, root);
    const leaf = issueLeaf({ root, host, term, publicKey: keys.publicKey }).then((cert) => ({ cert, key }));
    issued.set(host.name, { renewAtMs: term.renewAtMs, leaf });
    leaf.catch(() => issued.delete(host.name)); // whoever asked is told; the next one asks anew
    return leaf;
  };

  return {
    certificatePem: `${root.certificate.toString('pem')}\n`,
    leafFor: async (text, now = new Date()) => {
      const host = readHost(text);
      if (!known.has(host.name)) throw new Error(`${host.name} is not a host of this pod's authority.`);
      const last = issued.get(host.name);
      return last !== undefined && now.getTime() < last.renewAtMs ? last.leaf : issue(host, now);
    },
  };
}
