// The world outside the pod, in a network namespace of its own: a provider, a web site, resolvers, a proxy. Tells of everything that reaches it.
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createAuthority } from '../../src/gate/intercept/authority/index.ts';
import { DOH, LLM, MARK, METADATA, PROXY, REBOUND, RESOLVER, WEB, type Hit } from './places.ts';

const [caFile = ''] = process.argv.slice(2);

const tell = (place: Hit['place'], by: string, bytes: Buffer): void =>
  void process.stdout.write(`${JSON.stringify({ place, by, marked: bytes.includes(MARK) })}\n`);

const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'pong' } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/** Whatever it is: a few bytes of it are enough to know who was reached. */
function answer(place: Hit['place'], by: string): (socket: Socket) => void {
  return (socket) => {
    let seen = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      if (!isWhole(seen)) return;
      tell(place, by, seen);
      seen = Buffer.alloc(0);
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${ANSWER.length}\r\n\r\n${ANSWER}`,
      );
    });
  };
}

function isWhole(seen: Buffer): boolean {
  const text = seen.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (!/^[A-Z]+ \//.test(text)) return true;
  if (end === -1) return false;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return seen.length >= end + 4 + length;
}

const authority = await createAuthority([LLM.name, WEB.name, DOH.name]);
writeFileSync(caFile, authority.certificatePem);

async function serveTls(host: string, port: number, name: string, place: Hit['place']): Promise<void> {
  const leaf = await authority.leafFor(name);
  const server = createTlsServer({ ...leaf, ALPNProtocols: ['http/1.1'] }, answer(place, `tls ${port}`));
  server.on('tlsClientError', () => {});
  await listen(server, host, port);
}

const servePlain = (host: string, port: number, place: Hit['place']): Promise<void> =>
  listen(createServer(answer(place, `tcp ${port}`)), host, port);

function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, host, () => resolve()));
}

function sinkUdp(host: string, port: number): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (message) => tell('llm', `udp ${port}`, message));
  return new Promise((resolve) => socket.bind(port, host, () => resolve()));
}

const ZONE: Readonly<Record<string, { readonly ipv4: string; readonly ipv6?: string } | undefined>> = {
  [LLM.name]: LLM,
  [WEB.name]: WEB,
  [DOH.name]: DOH,
  [REBOUND]: { ipv4: METADATA },
};

/** One question; its address, or nothing. */
function resolve(query: Buffer): Buffer {
  const { name, end } = readName(query);
  const found = ZONE[name];
  const address = addressOf(found, query.readUInt16BE(end));
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(found === undefined ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(address === null ? 0 : 1, 6);
  head.writeUInt32BE(0, 8);
  const question = query.subarray(12, end + 4);
  if (address === null) return Buffer.concat([head, question]);
  const record = Buffer.from([0xc0, 12, 0, query[end + 1] ?? 0, 0, 1, 0, 0, 0, 5, 0, address.length]);
  return Buffer.concat([head, question, record, address]);
}

const addressOf = (found: (typeof ZONE)[string], type: number): Buffer | null =>
  bytesOf({ 1: found?.ipv4, 28: found?.ipv6 }[type]);

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function bytesOf(text: string | undefined): Buffer | null {
  if (text === undefined) return null;
  if (!text.includes(':')) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail = ''] = text.split('::');
  const [front, back] = [head.split(':'), tail.split(':')];
  const middle = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return Buffer.from([...front, ...middle, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function serveNames(): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(resolve(query), from.port, from.address));
  return new Promise((done) => socket.bind(53, RESOLVER, () => done()));
}

function serveProxy(): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head: Buffer) => {
      const [, host = '', port = ''] = /^CONNECT ([^:]+):(\d+)/.exec(head.toString('latin1')) ?? [];
      const peer = connect(Number(port), ZONE[host]?.ipv4 ?? host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(peer).pipe(socket);
      });
      peer.on('error', () => socket.destroy());
    });
  });
  return listen(server, PROXY.ipv4, PROXY.port);
}

for (const address of [LLM.ipv4, LLM.ipv6]) {
  await serveTls(address, 443, LLM.name, 'llm');
  await serveTls(address, 8443, LLM.name, 'llm');
  await servePlain(address, 80, 'llm');
  await servePlain(address, 853, 'llm');
}
for (const port of [443, 53]) await sinkUdp(LLM.ipv4, port);
await serveTls(WEB.ipv4, 443, WEB.name, 'web');
await serveTls(DOH.ipv4, 443, DOH.name, 'web');
await serveTls(METADATA, 443, WEB.name, 'metadata');
await serveNames();
await serveProxy();
process.stdout.write('ready\n');
