// An answer that is given before its request was read to the end: some of the rest is read first, or the answer may be lost.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Closing a connection while something is unread resets it. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 65_536;

export function endEarly(arrival: IncomingMessage, reply: ServerResponse, body: Buffer): void {
  reply.write(body);
  let left = LINGER_BYTES;
  const end = (): void => {
    clearTimeout(timer);
    reply.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  for (const event of ['end', 'error', 'close']) arrival.once(event, end);
  arrival.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  arrival.resume();
}
