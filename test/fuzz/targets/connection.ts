// The first bytes of connections that were meant for somebody else: what is read of them does not change with what follows.
import { readClientHello } from '../../../src/gate/intercept/client-hello.ts';
import { readPlainHost } from '../../../src/gate/intercept/plain-host.ts';
import { parseHost } from '../../../src/lib/host.ts';
import { claim, type FuzzTarget } from '../target.ts';

const TAIL = Buffer.from('\r\n\r\nHost: other.example\r\n\r\n');

/** A handshake in one record. */
const record = (message: Buffer): Buffer =>
  Buffer.concat([Buffer.of(22, 3, 1, message.length >> 8, message.length & 0xff), message]);

const vector = (size: 1 | 2, bytes: Buffer): Buffer =>
  Buffer.concat([
    size === 1 ? Buffer.of(bytes.length) : Buffer.of(bytes.length >> 8, bytes.length & 0xff),
    bytes,
  ]);

function helloWith(extensions: Buffer): Buffer {
  const body = Buffer.concat([
    Buffer.of(3, 3),
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(0)),
    vector(2, Buffer.of(0x13, 0x01)),
    vector(1, Buffer.of(0)),
    vector(2, extensions),
  ]);
  return record(Buffer.concat([Buffer.of(1, 0, body.length >> 8, body.length & 0xff), body]));
}

const nameOf = (name: string): Buffer => {
  const entry = Buffer.concat([Buffer.of(0), vector(2, Buffer.from(name))]);
  return Buffer.concat([Buffer.of(0, 0), vector(2, vector(2, entry))]);
};

const isCanonical = (host: string | null): boolean => host === null || parseHost(host) === host;

export const clientHello: FuzzTarget = {
  name: 'client-hello',
  seeds: [
    helloWith(nameOf('api.openai.com')),
    helloWith(Buffer.concat([nameOf('a.example'), Buffer.of(0xfe, 0x0d, 0, 1, 0)])),
    helloWith(Buffer.alloc(0)),
  ],
  words: ['\x16\x03\x01', '\x00\x00', '\xfe\x0d', 'api.openai.com', '\x01\x00', 'xn--'],
  run: (input) => {
    const hello = readClientHello(input);
    const longer = readClientHello(Buffer.concat([input, record(TAIL)]));
    if (hello.kind === 'incomplete') return;
    claim(JSON.stringify(hello) === JSON.stringify(longer), 'what follows a hello changes what it says');
    if (hello.kind === 'hello')
      claim(isCanonical(hello.serverName), 'a name that is not in its one spelling');
    for (let length = 0; length < input.length; length += 7)
      claim(
        ['incomplete', hello.kind].includes(readClientHello(input.subarray(0, length)).kind),
        'a beginning of it says another thing',
      );
  },
};

export const plainHost: FuzzTarget = {
  name: 'plain-host',
  seeds: [
    Buffer.from('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'),
    Buffer.from('POST /v1 HTTP/1.1\r\nAccept: x\r\nhost:\ta.example:80 \r\nContent-Length: 1\r\n\r\n{'),
  ],
  words: ['\r\n', '\r\n\r\n', '\nHost: b\n', 'Host: ', 'host:', '\t', '[::1]', ':443'],
  run: (input) => {
    const read = readPlainHost(input);
    if (read === null) return;
    const longer = readPlainHost(Buffer.concat([input, TAIL]));
    claim(JSON.stringify(read) === JSON.stringify(longer), 'what follows a head changes whom it names');
    if (read.kind !== 'host') return;
    claim(isCanonical(read.host) || read.host.includes(':'), 'a host that is not in its one spelling');
  },
};
