// An address in; whether it is one of the world, of somebody's own network, or one that no name may lead to out.
import { BlockList, isIPv4 } from 'node:net';
import type { CanonicalHost } from './host.ts';

/** `special`: loopback, link-local (and what clouds say about their machines), multicast, documentation, reserved. */
export type AddressRange = 'world' | 'private' | 'special';

type Row = readonly [network: string, prefix: number];

/** IANA's registries of special-purpose addresses, and the endpoints of clouds that stand elsewhere. */
const SPECIAL: readonly Row[] = [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['::', 128],
  ['::1', 128],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fd00:ec2::', 32],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const PRIVATE: readonly Row[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['fc00::', 7],
];

/** Its last 32 bits are an address of the old kind (RFC 6052). */
const TRANSLATED = /^64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/;

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

function listOf(rows: readonly Row[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of rows) list.addSubnet(network, prefix, familyOf(network));
  return list;
}

const special = listOf(SPECIAL);
const own = listOf(PRIVATE);

export function rangeOf(address: CanonicalHost): AddressRange {
  const meant = translatedOf(address) ?? address;
  if (special.check(meant, familyOf(meant))) return 'special';
  return own.check(meant, familyOf(meant)) ? 'private' : 'world';
}

function translatedOf(address: string): string | null {
  const found = TRANSLATED.exec(address);
  if (found === null) return address === '64:ff9b::' ? '0.0.0.0' : null;
  const [high, low] = [parseInt(found[1] ?? '0', 16), parseInt(found[2] ?? '0', 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
