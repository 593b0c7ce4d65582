// The name of a machine, as somebody wrote it, in; the one spelling that is compared, certified and dialled out.
import { isIPv4, isIPv6, SocketAddress } from 'node:net';

declare const canonical: unique symbol;

/** Lower case, no dot at its end, an address in its shortest form and without brackets. Only `parseHost` makes one. */
export type CanonicalHost = string & { readonly [canonical]: true };

export interface CanonicalAuthority {
  readonly host: CanonicalHost;
  readonly port: number;
}

const MAX_NAME = 253;
const NAME = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
/** Some readers take such a name for an address: `0x7f.1`, `2130706433`. */
const ENDS_IN_NUMBER = /(^|\.)(\d+|0x[0-9a-f]*)$/;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/** Null for what is not plainly a name or an address: nothing is repaired but case, and one dot at the end. */
export function parseHost(text: string): CanonicalHost | null {
  const lower = text.toLowerCase();
  if (isIPv4(lower)) return lower as CanonicalHost;
  if (lower.startsWith('[') && lower.endsWith(']')) return parseIPv6(lower.slice(1, -1));
  const name = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  const isName = name.length <= MAX_NAME && NAME.test(name) && !ENDS_IN_NUMBER.test(name);
  return isName ? (name as CanonicalHost) : null;
}

/** An address as a socket gives it, without brackets. */
export const parseAddress = (text: string): CanonicalHost | null =>
  isIPv4(text) ? (text as CanonicalHost) : parseIPv6(text);

function parseIPv6(text: string): CanonicalHost | null {
  if (!isIPv6(text) || text.includes('%')) return null;
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  return (MAPPED.exec(address)?.[1] ?? address) as CanonicalHost;
}

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/i;

/** `host` or `host:port`, as in a Host header or the target of CONNECT. Null for anything else. */
export function parseAuthority(text: string, defaultPort: number): CanonicalAuthority | null {
  const [, name = '', digits] = AUTHORITY.exec(text) ?? [];
  const host = parseHost(name);
  const port = digits === undefined ? defaultPort : Number(digits);
  return host === null || port < 1 || port > 65_535 ? null : { host, port };
}

export const isAddress = (host: CanonicalHost): boolean => isIPv4(host) || isIPv6(host);
