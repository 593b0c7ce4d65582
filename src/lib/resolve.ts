// A host in; addresses to dial out. Names are asked of the name servers, never of a hosts file: it may lead back to us.
import { Resolver } from 'node:dns/promises';
import { rangeOf, type AddressRange } from './address-range.ts';
import { isAddress, parseAddress, type CanonicalHost } from './host.ts';

/** As `Error.code`, beside those of the resolver itself. */
export const FORBIDDEN_ADDRESS = 'E_FORBIDDEN_ADDRESS';

const LOOPBACK = ['127.0.0.1', '::1'].flatMap((address) => parseAddress(address) ?? []);

/** @throws Error with the resolver's `code` when there is none. */
export async function resolveHost(host: CanonicalHost): Promise<readonly CanonicalHost[]> {
  if (isAddress(host)) return [host];
  return host === 'localhost' ? LOOPBACK : ask(host);
}

/** One address outside of the ranges condemns all. @throws Error with the code FORBIDDEN_ADDRESS. */
export function requireRanges(
  addresses: readonly CanonicalHost[],
  ranges: readonly AddressRange[],
): readonly CanonicalHost[] {
  if (addresses.every((address) => ranges.includes(rangeOf(address)))) return addresses;
  throw Object.assign(new Error('a name leads to an address that it may not lead to'), {
    code: FORBIDDEN_ADDRESS,
  });
}

const TIMES = { timeout: 2_000, tries: 3 } as const;

async function ask(host: CanonicalHost): Promise<readonly CanonicalHost[]> {
  const resolver = new Resolver(TIMES);
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const addresses = found.flatMap((address) => parseAddress(address) ?? []);
  if (addresses.length > 0) return addresses;
  const [first] = answers;
  throw first.status === 'rejected' ? first.reason : new Error('the name has no address');
}
