// Connections of those who know that they speak to us in; their requests, in the clear or in TLS, to one keeper out.
import type { Keeper } from './line.ts';
import type { Greet } from './listener.ts';
import { peek, tellProtocol } from './protocol.ts';
import { createTls, type Certificate } from './tls.ts';

/** Without a certificate there is no TLS. */
export const greetLocal =
  (keeper: Keeper, certificate: Certificate | null = null): Greet =>
  (room) => {
    const takeTls =
      certificate === null
        ? null
        : createTls(certificate, (socket, version) => room.http(socket, version, keeper));
    return (socket) =>
      peek(socket, tellProtocol, (protocol) => {
        if (protocol !== 'tls') return room.http(socket, protocol, keeper);
        if (takeTls === null) return room.http(socket, 'http1', keeper);
        room.lead(socket);
        takeTls(socket);
      });
  };
