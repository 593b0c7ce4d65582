// An address in; a bounded HTTP/1.1 server that hands every request to one handler out.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface Listener {
  readonly port: number;
  /** Stops accepting and asks idle connections to go; resolves when the last one has. */
  drain(): Promise<void>;
  /** Ends every connection now. */
  destroy(): void;
}

const LIMITS = {
  maxHeaderSize: 65_536,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
} as const;

const MAX_HEADERS = 100;
const MAX_CONNECTIONS = 2_048;

export async function openListener(options: ListenOptions): Promise<Listener> {
  const server = createServer(
    { ...LIMITS, insecureHTTPParser: false, joinDuplicateHeaders: false },
    options.handle,
  );
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
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
