// Sockets that speak HTTP/2 in; their requests to whoever keeps the connection out. It listens nowhere: connections are handed to it.
import {
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Handle, Keeper } from './line.ts';

/** Floods of settings and pings are bounded by Node; streams that are opened and reset at once by the last two. */
const LIMITS = {
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: 65_536, enablePush: false },
  maxHeaderListPairs: 100,
  /** MB. */
  maxSessionMemory: 10,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  streamResetBurst: 200,
  streamResetRate: 20,
} as const;

const IDLE_MS = 60_000;

export interface Http2 {
  take(socket: Socket, keeper: Keeper): void;
  /** No new streams; a session ends with its last one. */
  drain(): void;
  destroy(): void;
}

export function createHttp2(): Http2 {
  const sessions = new Set<ServerHttp2Session>();
  // One for each keeper: what a session asks for is never taken for another's.
  const servers = new WeakMap<Keeper, Http2Server>();
  const open = (keeper: Keeper): Http2Server => {
    const server = createServer(LIMITS);
    watch(server, sessions);
    handOn(server, keeper.handle);
    servers.set(keeper, server);
    return server;
  };
  return {
    take: (socket, keeper) => void (servers.get(keeper) ?? open(keeper)).emit('connection', socket),
    drain: () => sessions.forEach((session) => session.close()),
    destroy: () => sessions.forEach((session) => session.destroy()),
  };
}

function watch(server: Http2Server, sessions: Set<ServerHttp2Session>): void {
  server.on('session', (session) => {
    sessions.add(session);
    session.setTimeout(IDLE_MS, () => session.close());
    session.once('close', () => sessions.delete(session));
  });
  // What breaks a session ends its streams, and each of them is accounted for.
  server.on('sessionError', (_error, session) => session.destroy());
}

function handOn(server: Http2Server, handle: Handle): void {
  // Who expects `100 Continue` is told to go on by the handler, once the head was judged.
  for (const event of ['request', 'checkContinue', 'connect'])
    server.on(event, (arrival: Http2ServerRequest, reply: Http2ServerResponse) => {
      arrival.on('error', () => {});
      handle(arrival, reply, null);
    });
}
