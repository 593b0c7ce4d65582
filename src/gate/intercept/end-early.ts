// An answer that is given before its request was read to the end: some of the rest is read first, or the answer may be lost.
import { isHttp1, type Arrival, type Reply } from './reply.ts';

/** Closing a connection while something is unread resets it. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 65_536;

export function endEarly(arrival: Arrival, reply: Reply, body: Buffer): void {
  // A stream of HTTP/2 ends in both directions, each by itself.
  if (!isHttp1(reply)) return void reply.stream.end(body);
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
