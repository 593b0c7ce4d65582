// Connections in, with whoever keeps each; their requests, in either version of HTTP, to their keepers out.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createHttp1 } from './http1.ts';
import { createHttp2 } from './http2.ts';
import type { Keeper } from './line.ts';

export type HttpVersion = 'http1' | 'http2';

export interface Http {
  /** Accepts connections; each is nobody's until it is taken. */
  readonly server: Server;
  take(socket: Socket, version: HttpVersion, keeper: Keeper): void;
  /** Asks idle connections to go; resolves when the last one has. */
  drain(): Promise<void>;
  destroy(): void;
}

/** A connection whose last answer is out would stay for its keep-alive; while draining it goes at once. */
const SWEEP_MS = 50;

export function createHttp(): Http {
  const http1 = createHttp1();
  const { server } = http1;
  const http2 = createHttp2();
  return {
    server,
    take: (socket, version, keeper) => {
      if (version === 'http2') http2.take(socket, keeper);
      else http1.take(socket, keeper);
    },
    drain: () => {
      http2.drain();
      return close(server);
    },
    destroy: () => {
      http2.destroy();
      server.closeAllConnections();
    },
  };
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  server.close(() => {
    clearInterval(sweep);
    resolve();
  });
  return promise;
}
