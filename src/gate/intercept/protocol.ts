// A connection in; what it begins to speak out. Nothing of it is lost to whoever reads on.
import type { Socket } from 'node:net';

/** How every HTTP/2 connection begins (RFC 9113, 3.4), which HTTP/1.1 made sure that none of its own does. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** The type of a TLS record that holds a handshake (RFC 8446, 5.1). */
const HANDSHAKE = 0x16;

export type Protocol = 'http1' | 'http2' | 'tls';

/** Calls back once, paused, what was read being unread again; never for a connection that ends or says too little in time. */
export function sniffProtocol(socket: Socket, timeoutMs: number, found: (protocol: Protocol) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  const stop = (): void => {
    clearTimeout(timer);
    socket.off('data', look).off('error', stop).off('close', stop);
  };
  const look = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const protocol = tell(seen);
    if (protocol === null) return;
    stop();
    socket.pause();
    socket.unshift(seen);
    found(protocol);
  };
  socket.on('data', look).once('error', stop).once('close', stop);
}

/** Null while it may still become either. */
function tell(seen: Buffer): Protocol | null {
  if (seen[0] === HANDSHAKE) return 'tls';
  const length = Math.min(seen.length, PREFACE.length);
  if (!seen.subarray(0, length).equals(PREFACE.subarray(0, length))) return 'http1';
  return length === PREFACE.length ? 'http2' : null;
}
