// The first bytes of a TLS connection in; which server they ask for out. They are only read: whoever answers reads them again.
import { parseHost, type CanonicalHost } from '../../lib/host.ts';

export type ClientHello =
  | { readonly kind: 'incomplete' }
  /** Not TLS, or TLS in a shape that no client of ours sends. */
  | { readonly kind: 'malformed' }
  | {
      readonly kind: 'hello';
      /** Null where none is asked for. */
      readonly serverName: CanonicalHost | null;
      /** An encrypted hello inside may ask for another server; GREASE looks the same. */
      readonly hasEncryptedHello: boolean;
    };

const INCOMPLETE: ClientHello = { kind: 'incomplete' };
const MALFORMED: ClientHello = { kind: 'malformed' };

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
/** Clients with post-quantum key shares and a ticket need some 3 KB. */
const MAX_HELLO = 16_384;
const MAX_RECORD = 16_384;
const RECORD_HEAD = 5;

const SERVER_NAME = 0;
const ENCRYPTED_CLIENT_HELLO = 0xfe0d;
const HOST_NAME = 0;

/** @see RFC 8446, 4.1.2 and 5.1; RFC 6066, 3. */
export function readClientHello(bytes: Buffer): ClientHello {
  const message = unwrapHello(bytes);
  if (!Buffer.isBuffer(message)) return message;
  try {
    return readExtensions(extensionsOf(new Cursor(message)));
  } catch (error) {
    if (error instanceof RangeError) return MALFORMED;
    throw error;
  }
}

/** What the first records hold, which is one whole hello and nothing behind it: the last of them ends where it does. */
function unwrapHello(bytes: Buffer): Buffer | ClientHello {
  let message = Buffer.alloc(0);
  for (let rest = bytes; ;) {
    const record = takeRecord(rest);
    if (!Buffer.isBuffer(record)) return record;
    message = Buffer.concat([message, record]);
    rest = rest.subarray(RECORD_HEAD + record.length);
    const missing = missingOf(message);
    if (missing < 0) return MALFORMED;
    if (missing === 0) return message.subarray(4);
  }
}

/** A whole one of a handshake. */
function takeRecord(bytes: Buffer): Buffer | ClientHello {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return MALFORMED;
  if (bytes.length < RECORD_HEAD) return INCOMPLETE;
  const length = bytes.readUInt16BE(3);
  if (bytes[1] !== 3 || length === 0 || length > MAX_RECORD) return MALFORMED;
  const end = RECORD_HEAD + length;
  return bytes.length < end ? INCOMPLETE : bytes.subarray(RECORD_HEAD, end);
}

/** How many bytes are still to come; negative where it is no hello, or something stands behind it. */
function missingOf(message: Buffer): number {
  if (message[0] !== CLIENT_HELLO) return -1;
  if (message.length < 4) return 4 - message.length;
  const length = message.readUIntBE(1, 3);
  return length > MAX_HELLO ? -1 : 4 + length - message.length;
}

/** Reads what it is asked for, and throws RangeError where there is less. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(size: 1 | 2): number {
    return this.take(size).readUIntBE(0, size);
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('a hello that ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Behind its length of so many bytes. */
  vector(size: 1 | 2): Buffer {
    return this.take(this.number(size));
  }
}

function extensionsOf(hello: Cursor): Cursor {
  hello.take(2 + 32);
  hello.vector(1);
  hello.vector(2);
  hello.vector(1);
  const extensions = hello.isAtEnd ? Buffer.alloc(0) : hello.vector(2);
  if (!hello.isAtEnd) throw new RangeError('a hello that goes on behind its end');
  return new Cursor(extensions);
}

function readExtensions(extensions: Cursor): ClientHello {
  const found = new Map<number, Buffer>();
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    if (found.has(type)) return MALFORMED;
    found.set(type, extensions.vector(2));
  }
  const asked = found.get(SERVER_NAME);
  const serverName = asked === undefined ? null : readServerName(asked);
  if (asked !== undefined && serverName === null) return MALFORMED;
  return { kind: 'hello', serverName, hasEncryptedHello: found.has(ENCRYPTED_CLIENT_HELLO) };
}

/** Null for anything but one host's name. An address is none (RFC 6066, 3), though some send it. */
function readServerName(extension: Buffer): CanonicalHost | null {
  const list = new Cursor(extension);
  const names = new Cursor(list.vector(2));
  const type = names.number(1);
  const name = names.vector(2);
  if (!list.isAtEnd || !names.isAtEnd || type !== HOST_NAME) return null;
  return parseHost(name.toString('latin1'));
}
