// A server, an address and limits in; the server, listening, out. At its end it lets answers finish for a moment.
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Address } from '../config/index.ts';

export interface OpenServer extends AsyncDisposable {
  readonly port: number;
}

export interface ConnectionLimits {
  readonly connections: number;
  /** Of the connections, those that one address may have. */
  readonly perAddress: number;
  /** How long one is kept that nothing is asked over. */
  readonly idleMs: number;
}

const LAST_MS = 2_000;
const TIMES = { headersTimeout: 10_000, requestTimeout: 30_000 } as const;

/** For `createServer` of node:https: whoever connects and says nothing does not take a place for long. */
export const PATIENCE = { handshakeTimeout: 5_000, connectionsCheckingInterval: 5_000 } as const;

/** @throws Error when the address is taken. */
export async function openServer(
  server: HttpServer | HttpsServer,
  address: Address,
  { connections, perAddress, idleMs }: ConnectionLimits,
): Promise<OpenServer> {
  Object.assign(server, TIMES, { maxConnections: connections, keepAliveTimeout: idleMs });
  limitAddresses(server, perAddress);
  server.listen(address.port, address.host);
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    [Symbol.asyncDispose]: async () => {
      const cut = setTimeout(() => server.closeAllConnections(), LAST_MS);
      server.closeIdleConnections();
      server.close();
      await once(server, 'close');
      clearTimeout(cut);
    },
  };
}

/** Before the handshake, which costs more than all before it. */
function limitAddresses(server: HttpServer | HttpsServer, most: number): void {
  const counts = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const count = (counts.get(remoteAddress) ?? 0) + 1;
    if (count > most) return void socket.destroy();
    counts.set(remoteAddress, count);
    socket.once('close', () => {
      const left = (counts.get(remoteAddress) ?? 1) - 1;
      if (left === 0) counts.delete(remoteAddress);
      else counts.set(remoteAddress, left);
    });
  });
}
