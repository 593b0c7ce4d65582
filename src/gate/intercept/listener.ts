// An address in; a bounded server whose connections are greeted, each by its first words, out.
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createHttp, type HttpVersion } from './http.ts';
import type { Keeper } from './line.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly greet: Greet;
  readonly crowd?: Crowd;
}

export interface Crowd {
  /** Connections at once. */
  readonly most: number;
  /** One more came, and was closed. */
  readonly onRefused: () => void;
}

/** Says who answers on a connection, once that is known. @throws Error when it cannot be prepared for that. */
export type Greet = (room: Room) => (socket: Socket) => void;

/** Where a connection that was greeted goes. */
export interface Room {
  /** HTTP is spoken on it, to its keeper. */
  http(socket: Socket, version: HttpVersion, keeper: Keeper): void;
  /** Somebody else is spoken to through it, who ends it. */
  lead(socket: Socket): void;
}

export interface Listener {
  readonly port: number;
  /** Stops accepting and asks idle connections to go; resolves when the last one has. */
  drain(): Promise<void>;
  /** Ends every connection now. */
  destroy(): void;
}

/** Probes, and whoever reads metrics. */
const SMALL: Crowd = { most: 128, onRefused: () => {} };

export async function openListener({ greet, crowd = SMALL, ...address }: ListenOptions): Promise<Listener> {
  const http = createHttp();
  const [all, silent] = [new Set<Socket>(), new Set<Socket>()];
  const room: Room = {
    http: (socket, version, keeper) => {
      silent.delete(socket);
      http.take(socket, version, keeper);
    },
    lead: (socket) => void silent.delete(socket),
  };
  const welcome = greet(room);
  http.server.maxConnections = crowd.most;
  http.server.on('drop', crowd.onRefused);
  http.server.on('connection', (socket: Socket) => {
    // Between two who listen to it there may be nobody, and then an error would end the program.
    socket.on('error', () => {});
    for (const set of [all, silent]) enlist(socket, set);
    welcome(socket);
  });
  await listen(http.server, address);
  return {
    port: portOf(http.server),
    drain: () => {
      silent.forEach((socket) => socket.destroy());
      return http.drain();
    },
    destroy: () => {
      http.destroy();
      all.forEach((socket) => socket.destroy());
    },
  };
}

function enlist(socket: Socket, set: Set<Socket>): void {
  set.add(socket);
  socket.once('close', () => set.delete(socket));
}

function listen(server: Server, address: Pick<ListenOptions, 'host' | 'port'>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(address, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
