// A golden stream as bytes, and decoded events in a form that people can read.
import type { Codec, StreamEvent } from '../../src/gate/decode/index.ts';
import { encodeEvent } from '../../src/gate/decode/index.ts';

export interface GoldenEvent {
  readonly event?: string;
  readonly data: unknown;
}

export const writeStream = (events: readonly GoldenEvent[]): Buffer =>
  Buffer.concat(events.map(({ event = '', data }) => encodeEvent(event, payload(data))));

const payload = (data: unknown): Buffer =>
  Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));

/** @throws when the stream is not understood. */
export function decodeStream(codec: Codec, bytes: Buffer): StreamEvent[] {
  const decoder = codec.openStream();
  const pushed = decoder.push(bytes);
  if (!pushed.ok) throw new Error(JSON.stringify(pushed.error));
  const ended = decoder.end();
  if (!ended.ok) throw new Error(JSON.stringify(ended.error));
  return [...pushed.value, ...ended.value];
}

export const readable = (event: StreamEvent): unknown => ({ ...event, data: event.data.toString() });
