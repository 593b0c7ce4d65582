// Connections that begin with a handshake in; what is spoken behind it, as ALPN agreed, to whoever speaks that.
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';

/** Files in PEM. */
export interface Certificate {
  readonly certificateFile: string;
  readonly keyFile: string;
}

type Take = (socket: Socket) => void;

const HANDSHAKE_MS = 10_000;

/** @throws Error when a file cannot be read, or is none. */
export function createTls(
  { certificateFile, keyFile }: Certificate,
  takers: { readonly http1: Take; readonly http2: Take },
): Take {
  const server = createServer({
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_MS,
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  server.on('secureConnection', (socket) =>
    socket.alpnProtocol === 'h2' ? takers.http2(socket) : takers.http1(socket),
  );
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return (socket) => void server.emit('connection', socket);
}
