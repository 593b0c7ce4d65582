// Sockets that speak HTTP/1.1 in; their requests, and what is no request, to one handler out.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { PosternError } from '../../exchange/index.ts';
import { explainFault, refuseSocket } from './fault.ts';
import { Line, type Handle } from './line.ts';

const LIMITS = {
  maxHeaderSize: 65_536,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
} as const;

const MAX_HEADERS = 100;

export function createHttp1(handle: Handle): Server {
  const server = createServer({
    ...LIMITS,
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    // Judged with all other headers, so that its refusal is like all others.
    requireHostHeader: false,
  });
  server.maxHeadersCount = MAX_HEADERS;
  const lines = new WeakMap<Socket, Line>();
  server.on('connection', (socket: Socket) => lines.set(socket, new Line(handle)));
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
    if (lines.get(socket)?.break(fault) !== true) refuseSocket(socket, fault, handle);
  };
  server.on('clientError', (error, socket) => refuse(socket, explainFault(error)));
  server.on('connect', (_request, socket) =>
    refuse(socket, new PosternError('POSTERN_E_BAD_REQUEST', 'The target must be a path.')),
  );
  return server;
}
