// A server and an address in; the server, listening, out. At its end it lets answers finish for a moment.
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Address } from '../config/index.ts';

export interface OpenServer extends AsyncDisposable {
  readonly port: number;
}

const LAST_MS = 2_000;
const TIMES = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 60_000 } as const;
const MAX_CONNECTIONS = 4_096;

/** @throws Error when the address is taken. */
export async function openServer(server: HttpServer | HttpsServer, address: Address): Promise<OpenServer> {
  Object.assign(server, TIMES, { maxConnections: MAX_CONNECTIONS });
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
