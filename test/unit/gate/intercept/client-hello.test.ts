import { once } from 'node:events';
import { createServer, connect as connectPlain, type AddressInfo } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readClientHello } from '../../../../src/gate/intercept/client-hello.ts';

/** What a real client says first. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection');
  const client = connect({ socket: connectPlain(port, '127.0.0.1'), ...options });
  client.on('error', () => {});
  const [socket] = (await accepted) as [ReturnType<typeof connectPlain>];
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

/** Its handshake in records of so many bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const pieces: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const piece = message.subarray(at, at + size);
    pieces.push(Buffer.of(22, 3, 1, piece.length >> 8, piece.length & 0xff), piece);
  }
  return Buffer.concat(pieces);
}

const FOUND = { kind: 'hello', serverName: 'api.openai.com', hasEncryptedHello: false };

describe('a hello', () => {
  it.each<[string, ConnectionOptions]>([
    ['TLS 1.3', {}],
    ['TLS 1.2 at most', { maxVersion: 'TLSv1.2' }],
    ['with ALPN', { ALPNProtocols: ['h2', 'http/1.1'] }],
  ])('of %s says which server it asks for', async (_, options) => {
    expect(readClientHello(await helloOf({ servername: 'API.OpenAI.com', ...options }))).toEqual(FOUND);
  });

  it('may ask for none', async () => {
    expect(readClientHello(await helloOf({}))).toMatchObject({ kind: 'hello', serverName: null });
  });

  it('may come in any pieces, and in records of any size', async () => {
    const hello = await helloOf({ servername: 'api.openai.com' });
    for (let length = 0; length < hello.length; length += 1)
      expect(readClientHello(hello.subarray(0, length))).toEqual({ kind: 'incomplete' });
    for (const size of [1, 7, 100]) expect(readClientHello(inRecords(hello, size))).toEqual(FOUND);
  });

  it('is told from what is none, whatever was done to it: nothing is thrown', async () => {
    const hello = await helloOf({ servername: 'api.openai.com' });
    fc.assert(
      fc.property(fc.nat(hello.length - 1), fc.nat(255), fc.nat(hello.length), (at, byte, length) => {
        const damaged = Buffer.from(hello);
        damaged[at] = byte;
        expect(['incomplete', 'malformed', 'hello']).toContain(
          readClientHello(damaged.subarray(0, length)).kind,
        );
      }),
      { numRuns: 2_000 },
    );
    for (const none of ['GET / HTTP/1.1\r\n\r\n', '\x16\x02\x00\x00\x01\x01', '\x16\x03\x01\x00\x00'])
      expect(readClientHello(Buffer.from(none, 'latin1'))).toEqual({ kind: 'malformed' });
  });

  it('with a name that is no name, or with two, is none', async () => {
    const hello = await helloOf({ servername: 'api.openai.com' });
    const at = hello.indexOf('api.openai.com');
    for (const name of ['api\0openai.com', 'api openai.com', 'api.openai.c\xf6m', '127.000.000.01']) {
      const other = Buffer.from(hello);
      other.write(name, at, 'latin1');
      expect(readClientHello(other)).toEqual({ kind: 'malformed' });
    }
  });
});
