// An address in; a bounded server of HTTP/1.1 and HTTP/2, in the clear and in TLS, that hands every request to one handler out.
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createHttp1 } from './http1.ts';
import { createHttp2 } from './http2.ts';
import type { Handle } from './line.ts';
import { sniffProtocol } from './protocol.ts';
import { createTls, type Certificate } from './tls.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Without one there is no TLS. */
  readonly certificate?: Certificate | null;
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
/** As long as HTTP/1.1 has for its head. */
const FIRST_WORD_MS = 10_000;

export async function openListener(options: ListenOptions): Promise<Listener> {
  const server = createHttp1(options.handle);
  server.maxConnections = MAX_CONNECTIONS;
  const http2 = createHttp2(options.handle);
  const silent = sharePort(server, { takeHttp2: (socket) => http2.take(socket), ...options });
  const hush = (): void => silent.forEach((socket) => socket.destroy());
  await listen(server, options);
  return {
    port: portOf(server),
    drain: () => {
      hush();
      http2.drain();
      return drain(server);
    },
    destroy: () => {
      hush();
      http2.destroy();
      server.closeAllConnections();
    },
  };
}

type Take = (socket: Socket) => void;

interface Takers extends Pick<ListenOptions, 'certificate'> {
  readonly takeHttp2: Take;
}

/**
 * The server of HTTP/1.1 accepts for all, and bounds their number; a connection goes where its first bytes say.
 * Gives those that are not there yet.
 */
function sharePort(server: Server, { takeHttp2, certificate = null }: Takers): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  const own = server.listeners('connection') as Take[];
  const takeHttp1: Take = (socket) => own.forEach((take) => take.call(server, socket));
  const takeTls =
    certificate === null ? null : createTls(certificate, { http1: takeHttp1, http2: takeHttp2 });
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    sniffProtocol(socket, FIRST_WORD_MS, (protocol) => {
      silent.delete(socket);
      if (protocol === 'http2') return takeHttp2(socket);
      if (protocol === 'tls' && takeTls !== null) return takeTls(socket);
      takeHttp1(socket);
      process.nextTick(() => socket.resume());
    });
  });
  return silent;
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
