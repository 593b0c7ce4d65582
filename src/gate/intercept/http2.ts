// Sockets that speak HTTP/2 in; their requests to one handler out. It listens nowhere itself: connections are handed to it.
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Handle } from './line.ts';

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
  take(socket: Socket): void;
  /** No new streams; a session ends with its last one. */
  drain(): void;
  destroy(): void;
}

export function createHttp2(handle: Handle): Http2 {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer(LIMITS);
  server.on('session', (session) => {
    sessions.add(session);
    session.setTimeout(IDLE_MS, () => session.close());
    session.once('close', () => sessions.delete(session));
  });
  // What breaks a session ends its streams, and each of them is accounted for.
  server.on('sessionError', (_error, session) => session.destroy());
  // Who expects `100 Continue` is told to go on by the handler, once the head was judged.
  for (const event of ['request', 'checkContinue', 'connect'])
    server.on(event, (arrival: Http2ServerRequest, reply: Http2ServerResponse) => {
      arrival.on('error', () => {});
      handle(arrival, reply, null);
    });
  return {
    take: (socket) => void server.emit('connection', socket),
    drain: () => sessions.forEach((session) => session.close()),
    destroy: () => sessions.forEach((session) => session.destroy()),
  };
}
