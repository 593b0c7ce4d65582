// A connection that goes nowhere in; words that its client understands, and its end, out.
import type { Socket } from 'node:net';
import { FAILURE_MODES, type FailureCode } from '../../exchange/index.ts';
import type { Why } from './choose-way.ts';

/** A fatal alert, `unrecognized_name` (RFC 8446, 6.2): the one that says that this server is not that one. */
const ALERT = Buffer.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70);

export function refuseTls(socket: Socket): void {
  socket.end(ALERT);
  socket.destroySoon();
}

const CODES: Readonly<Record<Why, FailureCode>> = {
  mismatch: 'POSTERN_E_MISDIRECTED',
  port: 'POSTERN_E_FORBIDDEN_HOST',
  not_under_policy: 'POSTERN_E_FORBIDDEN_HOST',
  no_name: 'POSTERN_E_BAD_REQUEST',
  unreadable: 'POSTERN_E_BAD_REQUEST',
  address: 'POSTERN_E_FORBIDDEN_HOST',
};

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  421: 'Misdirected Request',
};

/** No SDK's dialect is known yet: there is no upstream. */
export function refusePlain(socket: Socket, why: Why | null): void {
  const code = CODES[why ?? 'unreadable'];
  const { status, message } = FAILURE_MODES[code];
  const body = JSON.stringify({ error: { message, code: code.toLowerCase() } });
  const head = [
    `HTTP/1.1 ${String(status)} ${REASONS[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${String(Buffer.byteLength(body))}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
