// A host as it is configured or asked for in; its one spelling, and which kind of name a certificate carries it as, out.
import { isIPv4, isIPv6 } from 'node:net';

export interface Host {
  readonly kind: 'dns' | 'ipv4' | 'ipv6';
  readonly name: string;
}

const DNS_NAME = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const LONGEST_NAME = 253;

/** @throws Error when it is neither a DNS name (in ASCII, without wildcard) nor an IP address. */
export function readHost(text: string): Host {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (isIPv4(bare)) return { kind: 'ipv4', name: bare };
  if (isIPv6(bare) && !bare.includes('%')) return { kind: 'ipv6', name: shortenIpv6(bare) };
  const name = text.toLowerCase();
  if (name.length > LONGEST_NAME || !DNS_NAME.test(name))
    throw new Error(`${JSON.stringify(text)} is no host that a certificate can be made for.`);
  return { kind: 'dns', name };
}

/** Every host once, in one order: so that the same hosts make the same constraints. */
export function readHosts(texts: readonly string[]): readonly Host[] {
  const byName = new Map(texts.map(readHost).map((host) => [host.name, host]));
  return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
}

const shortenIpv6 = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);
