// One message of application/vnd.amazon.eventstream in; the frame in it, or why there is none, out; and back to bytes.
import { crc32 } from 'node:zlib';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../fault.ts';
import { FRAME_BYTES, type Frame } from './framing.ts';

/** Length of the message and of its headers, and a checksum of both. */
export const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** Names and values of all that is known here fit in many times. */
const HEADERS_BYTES = 1_024;

/** The one type of header that is known, of ten. */
const STRING = 7;

const EXCEPTION = 'exception:';

/** Of an event or of an exception; a colon could not be told from the mark of the latter. */
const TYPE = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

type Headers = ReadonlyMap<string, string>;

/** How many bytes the whole message has. */
export function readPrelude(prelude: Buffer): Result<number, DecodeFault> {
  const [total, headers] = [prelude.readUInt32BE(0), prelude.readUInt32BE(4)];
  if (prelude.readUInt32BE(8) !== crc32(prelude.subarray(0, 8)))
    return err({ code: 'eventstream.prelude_checksum' });
  if (total > FRAME_BYTES) return err({ code: 'eventstream.message_bytes' });
  if (headers > HEADERS_BYTES) return err({ code: 'eventstream.headers_bytes' });
  const isLongEnough = total >= PRELUDE_BYTES + headers + CHECKSUM_BYTES;
  return isLongEnough ? ok(total) : err({ code: 'eventstream.length' });
}

/** The whole message, of which the prelude was read. */
export function readMessage(message: Buffer): Result<Frame, DecodeFault> {
  const end = message.length - CHECKSUM_BYTES;
  if (message.readUInt32BE(end) !== crc32(message.subarray(0, end)))
    return err({ code: 'eventstream.checksum' });
  const start = PRELUDE_BYTES + message.readUInt32BE(4);
  const headers = readHeaders(message.subarray(PRELUDE_BYTES, start));
  const name = headers === null ? null : nameOf(headers);
  return name === null
    ? err({ code: 'eventstream.headers' })
    : ok({ name, data: message.subarray(start, end) });
}

/** Every header once, and none but strings; null for anything else. */
function readHeaders(bytes: Buffer): Headers | null {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const typeAt = at + 1 + (bytes[at] ?? 0);
    const valueAt = typeAt + 3;
    if (bytes[typeAt] !== STRING || valueAt > bytes.length) return null;
    const next = valueAt + bytes.readUInt16BE(typeAt + 1);
    const name = bytes.toString('latin1', at + 1, typeAt);
    if (next > bytes.length || headers.has(name)) return null;
    headers.set(name, bytes.toString('latin1', valueAt, next));
    at = next;
  }
  return headers;
}

/** What kind of message it is, of which type, in JSON, and nothing beside: no client is to read what nobody judged. */
function nameOf(headers: Headers): string | null {
  if (headers.size !== 3 || headers.get(':content-type') !== 'application/json') return null;
  switch (headers.get(':message-type')) {
    case 'event':
      return typeOf(headers, ':event-type');
    case 'exception': {
      const type = typeOf(headers, ':exception-type');
      return type === null ? null : exceptionNamed(type);
    }
    default:
      return null;
  }
}

function typeOf(headers: Headers, header: string): string | null {
  const type = headers.get(header) ?? '';
  return TYPE.test(type) ? type : null;
}

/** The name of a frame that tells of an exception; others are called what the event is. */
const exceptionNamed = (type: string): string => `${EXCEPTION}${type}`;

export const isException = ({ name }: Pick<Frame, 'name'>): boolean => name.startsWith(EXCEPTION);

export function writeMessage({ name, data }: Frame): Buffer {
  const headers = Buffer.concat(headersOf(name).map(writeHeader));
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.writeUInt32BE(PRELUDE_BYTES + headers.length + data.length + CHECKSUM_BYTES, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE([headers, data].reduce((sum, bytes) => crc32(bytes, sum), crc32(prelude)));
  return Buffer.concat([prelude, headers, data, checksum]);
}

/** In the order in which the provider has them. */
function headersOf(name: string): ReadonlyArray<readonly [string, string]> {
  const isTold = isException({ name });
  const [kind, type] = isTold ? ['exception', name.slice(EXCEPTION.length)] : ['event', name];
  return [
    [`:${kind}-type`, type],
    [':content-type', 'application/json'],
    [':message-type', kind],
  ];
}

function writeHeader([name, value]: readonly [string, string]): Buffer {
  const length = Buffer.from([STRING, value.length >> 8, value.length & 0xff]);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)]);
}
