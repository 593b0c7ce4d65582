// A connection in; what its first bytes say out. Nothing of it is lost to whoever reads on.
import type { Socket } from 'node:net';

/** How every HTTP/2 connection begins (RFC 9113, 3.4), which HTTP/1.1 made sure that none of its own does. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** The type of a TLS record that holds a handshake (RFC 8446, 5.1). */
const HANDSHAKE = 0x16;

export type Protocol = 'http1' | 'http2' | 'tls';

/** As long as HTTP/1.1 has for its head. */
const FIRST_WORD_MS = 10_000;

/** Null while more has to be seen. */
export type Tell<T> = (seen: Buffer) => T | null;

/** Calls back once, paused, what was read being unread again; never for a connection that ends or says too little in time. */
export function peek<T>(socket: Socket, tell: Tell<T>, found: (told: T) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), FIRST_WORD_MS);
  const stop = (): void => {
    clearTimeout(timer);
    socket.off('data', look).off('error', stop).off('close', stop);
  };
  const look = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const told = tell(seen);
    if (told === null) return;
    stop();
    socket.pause();
    socket.unshift(seen);
    found(told);
  };
  socket.on('data', look).once('error', stop).once('close', stop);
  // Whoever looked before has paused it.
  socket.resume();
}

export const tellProtocol: Tell<Protocol> = (seen) => {
  if (seen[0] === HANDSHAKE) return 'tls';
  const length = Math.min(seen.length, PREFACE.length);
  if (!seen.subarray(0, length).equals(PREFACE.subarray(0, length))) return 'http1';
  return length === PREFACE.length ? 'http2' : null;
};
