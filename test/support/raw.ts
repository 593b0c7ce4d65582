// Bytes on a socket as they are, with no client between that would mend them; what comes back, answer by answer.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `error.code` of a JSON body. */
  readonly code: string | undefined;
}

export interface RawReply {
  readonly answers: readonly RawAnswer[];
  /** Whether the other side ended the connection. */
  readonly isClosed: boolean;
}

export interface RawOptions {
  /** Enough to stop at; without it everything until the other side closes. */
  readonly answers?: number;
}

/** Sends all pieces, each in a packet of its own. */
export async function sendRaw(
  url: string,
  pieces: string | readonly string[],
  { answers = Infinity }: RawOptions = {},
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  await once(socket, 'connect');
  let seen = '';
  const closed = new Promise<boolean>((resolve) => {
    socket.once('close', () => resolve(true)).on('error', () => resolve(true));
    socket.on('data', (chunk: Buffer) => {
      seen += chunk.toString('latin1');
      if (parseAnswers(seen).length >= answers) resolve(false);
    });
  });
  for (const piece of [pieces].flat()) {
    if (socket.writable) socket.write(Buffer.from(piece, 'latin1'));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const isClosed = await closed;
  socket.destroy();
  return { answers: parseAnswers(seen), isClosed };
}

/** Whole answers with a content-length, or without any body. */
export function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; ;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return answers;
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    );
    const length = Number(headers['content-length'] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    if (body.length < length) return answers;
    answers.push({ status: Number(first.split(' ')[1]), headers, body, code: codeOf(body) });
    rest = rest.slice(end + 4 + length);
  }
}

function codeOf(body: string): string | undefined {
  if (!body.startsWith('{')) return undefined;
  return (JSON.parse(body) as { error?: { code?: string } }).error?.code;
}

export interface RawUpstream extends AsyncDisposable {
  readonly url: string;
  /** What arrived, connection by connection. */
  readonly arrived: readonly string[];
}

/** A server that answers each request that it has whole by the next of its tricks. */
export async function startRawUpstream(
  answer: (request: string, socket: Socket) => void,
): Promise<RawUpstream> {
  const arrived: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const index = arrived.push('') - 1;
    let unread = '';
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      arrived[index] += chunk.toString('latin1');
      unread += chunk.toString('latin1');
      const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(unread) ?? [];
      const whole = unread.indexOf('\r\n\r\n') + 4 + Number(length);
      if (length === undefined || unread.length < whole) return;
      const request = unread.slice(0, whole);
      unread = unread.slice(whole);
      answer(request, socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
