// TLS connections through CONNECT, or to a given port, in every combination of names; HTTP/1.1 on them, byte for byte.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { parseAnswers, type RawAnswer } from './raw.ts';

export interface Dialled {
  readonly port: number;
  /** PEM. */
  readonly ca: string;
  /** Target of CONNECT; without one the connection is made as if a name had led there. */
  readonly tunnel?: string;
  /** Null sends none. */
  readonly serverName: string | null;
  readonly host?: string;
}

/** What came of it: an answer, or the word for how it failed. */
export type Came = RawAnswer | string;

export async function askOver(dialled: Dialled, request: { path: string; body: string }): Promise<Came> {
  const plain = connect(dialled.port, '127.0.0.1');
  plain.on('error', () => {});
  try {
    if (dialled.tunnel !== undefined) {
      const refusal = await openTunnel(plain, dialled.tunnel);
      if (refusal !== null) return refusal;
    }
    return await askIn(await openTls(plain, dialled), dialled.host ?? dialled.serverName ?? '', request);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return /unrecognized name/i.test(message) ? 'unrecognized_name' : code || message;
  } finally {
    plain.destroy();
  }
}

/** Null when it is open. */
async function openTunnel(socket: Socket, target: string): Promise<RawAnswer | null> {
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  let seen = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    const [answer] = parseAnswers(seen);
    if (answer !== undefined) return answer.status === 200 ? null : answer;
  }
  throw new Error('closed before an answer');
}

async function openTls(socket: Socket, { ca, serverName }: Dialled): Promise<TLSSocket> {
  const secure = connectTls({
    socket,
    ca,
    servername: serverName ?? '',
    // Names are what is tried here: whether the certificate fits is looked at elsewhere.
    checkServerIdentity: () => undefined,
  });
  await once(secure, 'secureConnect');
  return secure;
}

async function askIn(socket: Socket, host: string, request: { path: string; body: string }): Promise<Came> {
  const head = [
    `POST ${request.path} HTTP/1.1`,
    `Host: ${host}`,
    'Content-Type: application/json',
    'Authorization: Bearer k',
    `Content-Length: ${Buffer.byteLength(request.body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${request.body}`);
  let seen = '';
  for await (const chunk of socket) {
    seen += String(chunk);
    const [answer] = parseAnswers(seen);
    if (answer !== undefined) return answer;
  }
  return 'closed';
}
