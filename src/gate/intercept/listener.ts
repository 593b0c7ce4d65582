// An address in; a bounded HTTP/1.1 server that hands every request to one handler out.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp1 } from './http1.ts';
import type { Handle } from './line.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly handle: Handle;
}

export interface Listener {
  readonly port: number;
  /** Stops accepting and asks idle connections to go; resolves when the last one has. */
  drain(): Promise<void>;
  /** Ends every connection now. */
  destroy(): void;
}

const MAX_CONNECTIONS = 2_048;

export async function openListener(options: ListenOptions): Promise<Listener> {
  const server = createHttp1(options.handle);
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, options);
  return {
    port: portOf(server),
    drain: () => drain(server),
    destroy: () => server.closeAllConnections(),
  };
}

function listen(server: Server, { host, port }: ListenOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port }, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

/** A connection whose last answer is out would stay for its keep-alive; while draining it goes at once. */
const SWEEP_MS = 50;

function drain(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  server.close(() => {
    clearInterval(sweep);
    resolve();
  });
  return promise;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
