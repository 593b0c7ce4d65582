// The host of an upstream in; addresses to dial out, as sockets ask for them. The hosts file is not asked: it may lead back to us.
import type { LookupFunction } from 'node:net';
import { isIPv4 } from 'node:net';
import type { AddressRange } from '../../lib/address-range.ts';
import { parseHost, type CanonicalHost } from '../../lib/host.ts';
import { requireRanges, resolveHost } from '../../lib/resolve.ts';

type Answer = Parameters<LookupFunction>[2];

/** What a name leads to has to lie in these; an address, and `localhost`, were written by whoever meant them. */
export const lookUpIn =
  (ranges: readonly AddressRange[]): LookupFunction =>
  (name, { all = false }, answer) => {
    find(name, ranges).then(
      (addresses) => tell(addresses, all, answer),
      (error: unknown) => answer(error instanceof Error ? error : new Error('unknown'), []),
    );
  };

async function find(name: string, ranges: readonly AddressRange[]): Promise<readonly CanonicalHost[]> {
  const host = parseHost(name);
  if (host === null) throw new Error('no host');
  const addresses = await resolveHost(host);
  return host === 'localhost' ? addresses : requireRanges(addresses, ranges);
}

function tell(addresses: readonly CanonicalHost[], all: boolean, answer: Answer): void {
  const found = addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));
  if (all) return answer(null, found);
  answer(null, found[0]?.address ?? '', found[0]?.family);
}
