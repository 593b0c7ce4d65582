// Connections that begin with a handshake in; what is spoken behind it, as ALPN agreed, to whoever speaks that.
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { HttpVersion } from './http.ts';

/** PEM. */
export interface Certificate {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

const HANDSHAKE_MS = 10_000;

/** @throws Error when a file cannot be read. */
export const readCertificate = (files: {
  readonly certificateFile: string;
  readonly keyFile: string;
}): Certificate => ({ cert: readFileSync(files.certificateFile), key: readFileSync(files.keyFile) });

export type TakeTls = (socket: Socket) => void;

/** @throws Error when the certificate is none. */
export function createTls(
  certificate: Certificate,
  take: (socket: Socket, version: HttpVersion) => void,
): TakeTls {
  const server = createServer({
    ...certificate,
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_MS,
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  server.on('secureConnection', (socket) => take(socket, socket.alpnProtocol === 'h2' ? 'http2' : 'http1'));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return (socket) => void server.emit('connection', socket);
}
