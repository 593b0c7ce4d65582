// What the HTTP parser could not read in; why, and a refusal of it on the way of all refusals, out.
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PosternError } from '../../exchange/index.ts';
import type { Handle } from './line.ts';

/** Null where nobody is left to be told. */
export function explainFault(error: Error): PosternError | null {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'HPE_HEADER_OVERFLOW') return new PosternError('POSTERN_E_HEAD_TOO_LARGE');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new PosternError('POSTERN_E_BODY_TIMEOUT');
  if (!code.startsWith('HPE_')) return null;
  // The parser's own words, of which none are the caller's.
  const reason = 'reason' in error && typeof error.reason === 'string' ? `${error.reason}.` : undefined;
  return new PosternError('POSTERN_E_BAD_REQUEST', reason);
}

/** A message that has no head is answered as well, and accounted for. */
export function refuseSocket(socket: Socket, fault: PosternError, handle: Handle): void {
  const arrival = new IncomingMessage(socket);
  arrival.complete = true;
  const reply = new ServerResponse(arrival);
  reply.shouldKeepAlive = false;
  reply.assignSocket(socket);
  reply.once('finish', () => closeSoftly(socket));
  handle(arrival, reply, fault);
}

const LINGER_MS = 1_000;
const LINGER_BYTES = 65_536;

/** Closing while something is unread resets the connection, and what was said last is lost: so the rest is read for a while. */
function closeSoftly(socket: Socket): void {
  const most = socket.bytesRead + LINGER_BYTES;
  const end = (): void => void socket.destroy();
  const timer = setTimeout(end, LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.once('end', end);
  socket.on('data', () => socket.bytesRead > most && end());
  socket.end();
}
