// Sockets that speak HTTP/1.1 in; their requests, and what is no request, to whoever keeps the connection out.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { PosternError } from '../../exchange/index.ts';
import { explainFault, refuseSocket } from './fault.ts';
import { Line, type Keeper } from './line.ts';

const LIMITS = {
  maxHeaderSize: 65_536,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
} as const;

const MAX_HEADERS = 100;

export interface Http1 {
  /** Accepts for all, and bounds their number; a connection that is accepted is nobody's until it is taken. */
  readonly server: Server;
  take(socket: Socket, keeper: Keeper): void;
}

type Begin = (this: Server, socket: Socket) => void;

export function createHttp1(): Http1 {
  const server = createServer({
    ...LIMITS,
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    // Judged with all other headers, so that its refusal is like all others.
    requireHostHeader: false,
  });
  server.maxHeadersCount = MAX_HEADERS;
  const begin = server.listeners('connection') as Begin[];
  server.removeAllListeners('connection');
  const keepers = new WeakMap<Socket, Keeper>();
  const lines = new WeakMap<Socket, Line>();
  // Who expects `100 Continue` is told to go on by the handler, once the head was judged.
  for (const event of ['request', 'checkContinue', 'checkExpectation'])
    server.on(event, (arrival: IncomingMessage, reply: ServerResponse) =>
      lines.get(arrival.socket)?.take(arrival, reply),
    );

  const broken = new WeakSet<Socket>();
  const refuse = (socket: unknown, fault: PosternError | null): void => {
    if (!(socket instanceof Socket) || broken.has(socket)) return;
    broken.add(socket);
    if (fault === null || !socket.writable || socket.bytesRead === 0) return void socket.destroy();
    const keeper = keepers.get(socket);
    if (lines.get(socket)?.break(fault) !== true && keeper !== undefined)
      refuseSocket(socket, fault, keeper.handle);
  };
  server.on('clientError', (error, socket) => refuse(socket, explainFault(error)));
  server.on('connect', ({ url = '' }, stream, head) => {
    const tunnel = stream instanceof Socket ? keepers.get(stream)?.tunnel : undefined;
    if (tunnel === undefined || !(stream instanceof Socket))
      return refuse(stream, new PosternError('POSTERN_E_BAD_REQUEST', 'The target must be a path.'));
    stream.unshift(head);
    tunnel(url, stream);
  });
  return {
    server,
    take: (socket, keeper) => {
      keepers.set(socket, keeper);
      lines.set(socket, new Line(keeper.handle));
      for (const each of begin) each.call(server, socket);
      process.nextTick(() => socket.resume());
    },
  };
}
