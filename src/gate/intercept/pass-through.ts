// A connection that is not under policy in; the same bytes, both ways, between it and where it goes, out.
import { connect, type Socket } from 'node:net';
import type { Authority } from '../../exchange/index.ts';
import { rangeOf, type AddressRange } from '../../lib/address-range.ts';
import { isAddress, parseAddress, parseHost, type CanonicalHost } from '../../lib/host.ts';
import { requireRanges, resolveHost } from '../../lib/resolve.ts';
import type { Way } from './choose-way.ts';

export interface PassRules {
  /** Where names may lead to. */
  readonly ranges: readonly AddressRange[];
  /** Hosts under policy: their addresses are not reached without their name. */
  readonly guarded: readonly string[];
}

type Passing = Extract<Way, { readonly kind: 'pass' }>;

const CONNECT_MS = 10_000;
const IDLE_MS = 3_600_000;

/** @throws Error when there is no address that it may go to; the connection is untouched then. */
export async function findAddresses(
  { to, at }: Passing,
  { ranges, guarded }: PassRules,
): Promise<readonly CanonicalHost[]> {
  const destination = at === null ? null : parseAddress(at.host);
  const host = parseHost(to.host) ?? parseAddress(to.host);
  if (host === null) throw new Error('no host');
  if (!isAddress(host)) return follow(await resolveHost(host), destination, ranges);
  const address = destination ?? host;
  if (destination === null) requireRanges([address], ranges);
  await requireUnguarded(address, guarded);
  return [address];
}

/** Where the caller went, if the name leads there; where the name leads to, otherwise. */
function follow(
  named: readonly CanonicalHost[],
  destination: CanonicalHost | null,
  ranges: readonly AddressRange[],
): readonly CanonicalHost[] {
  if (destination !== null && named.includes(destination) && rangeOf(destination) !== 'special')
    return [destination];
  return requireRanges(named, ranges);
}

async function requireUnguarded(address: CanonicalHost, guarded: readonly string[]): Promise<void> {
  const hosts = guarded.flatMap((host) => parseHost(host) ?? []);
  const found = await Promise.allSettled(hosts.map((host) => resolveHost(host)));
  const addresses = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (addresses.includes(address)) throw new Error('an address of a host under policy, without its name');
}

/** Tries one after the other. @throws Error of the last. */
export async function dial(addresses: readonly string[], port: Authority['port']): Promise<Socket> {
  let last: unknown = new Error('no address');
  for (const host of addresses) {
    try {
      return await dialOne({ host, port });
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function dialOne({ host, port }: Authority): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port, allowHalfOpen: true, autoSelectFamily: false });
  const timer = setTimeout(() => socket.destroy(new Error('too late')), CONNECT_MS);
  socket.once('error', reject);
  socket.once('connect', () => {
    clearTimeout(timer);
    socket.off('error', reject);
    resolve(socket);
  });
  socket.once('close', () => clearTimeout(timer));
  return promise;
}

/** What breaks on one side breaks on the other. */
export function join(one: Socket, other: Socket): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.once('error', () => peer.destroy());
    socket.once('close', () => peer.destroySoon());
    socket.pipe(peer);
  }
}
