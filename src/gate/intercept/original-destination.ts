// A redirected connection in; the address that its client had dialled, as the kernel remembers it, out.
import type { Socket } from 'node:net';
import type { Authority } from '../../exchange/index.ts';
import { parseAddress } from '../../lib/host.ts';

/** linux/netfilter_ipv4.h and netfilter_ipv6/ip6_tables.h: the same number at two levels. */
const SO_ORIGINAL_DST = 80;
const LEVELS = { IPv4: 0, IPv6: 41 } as const;
/** struct sockaddr_in6; that of IPv4 is shorter. */
const SOCKADDR_BYTES = 28;

/** Descriptor, level, name, value, its length. */
type Getsockopt = (...call: readonly [number, number, number, Buffer, Buffer]) => number;

/** Null where the kernel remembers nothing: whoever connected meant this very port. */
export type OriginalDestination = (socket: Socket) => Authority | null;

/** Loaded late: few sidecars need it. @throws Error where the C library cannot be called. */
export async function openOriginalDestination(): Promise<OriginalDestination> {
  const { default: koffi } = await import('koffi');
  const getsockopt = koffi
    .load(null)
    .func(
      'int getsockopt(int fd, int level, int name, _Inout_ void *value, _Inout_ void *length)',
    ) as Getsockopt;
  return (socket) => {
    const fd = descriptorOf(socket);
    const family = socket.localFamily === 'IPv4' ? 'IPv4' : 'IPv6';
    if (fd === null) return null;
    const value = Buffer.alloc(SOCKADDR_BYTES);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(SOCKADDR_BYTES);
    if (getsockopt(fd, LEVELS[family], SO_ORIGINAL_DST, value, length) !== 0) return null;
    const found = readSockaddr(value, family);
    return found === null || isOwn(found, socket) ? null : found;
  };
}

/** Node names it nowhere else. */
function descriptorOf(socket: Socket): number | null {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return null;
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : null;
}

function readSockaddr(value: Buffer, family: keyof typeof LEVELS): Authority | null {
  const bytes = family === 'IPv4' ? value.subarray(4, 8) : value.subarray(8, 24);
  const text = family === 'IPv4' ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
  const host = parseAddress(text);
  return host === null ? null : { host, port: value.readUInt16BE(2) };
}

const isOwn = ({ host, port }: Authority, socket: Socket): boolean =>
  port === socket.localPort && host === parseAddress(socket.localAddress ?? '');
