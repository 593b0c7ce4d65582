// Messages of application/vnd.amazon.eventstream with right checksums around whatever they are to hold. The gate has its own writer.
import { crc32 } from 'node:zlib';

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export function sealMessage(headers: Buffer, payload: Buffer = Buffer.alloc(0)): Buffer {
  const lengths = Buffer.concat([word(headers.length + payload.length + 16), word(headers.length)]);
  const message = Buffer.concat([lengths, word(crc32(lengths)), headers, payload]);
  return Buffer.concat([message, word(crc32(message))]);
}

/** A header of type string. */
export const header = (name: string, value: string): Buffer =>
  Buffer.concat([
    Buffer.of(name.length),
    Buffer.from(name),
    Buffer.of(7, value.length >> 8, value.length & 0xff),
    Buffer.from(value),
  ]);

export const headersOf = (headers: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));

export const eventMessage = (type: string, payload: string): Buffer =>
  sealMessage(
    headersOf({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }),
    Buffer.from(payload),
  );
