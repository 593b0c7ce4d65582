// A golden stream as bytes, and decoded events in a form that people can read.
import type { Codec, Frame, Framing, StreamEvent } from '../../src/gate/decode/index.ts';
import { FRAMINGS, writeFrames } from '../../src/gate/decode/index.ts';

export interface GoldenEvent {
  readonly event?: string;
  readonly data: unknown;
}

export const writeStream = (events: readonly GoldenEvent[]): Buffer =>
  writeEvents(events.map(({ event = '', data }) => ({ name: event, data: payload(data) })));

export const writeEvents = (frames: readonly Frame[], framing: Framing = FRAMINGS.sse): Buffer =>
  Buffer.concat(writeFrames(framing, frames));

const payload = (data: unknown): Buffer =>
  Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));

/** @throws when the stream is not understood. */
export function decodeStream(codec: Codec, bytes: Buffer): StreamEvent[] {
  const decoder = codec.openStream(FRAMINGS.sse);
  const pushed = decoder.push(bytes);
  if (!pushed.ok) throw new Error(JSON.stringify(pushed.error));
  const ended = decoder.end();
  if (!ended.ok) throw new Error(JSON.stringify(ended.error));
  return [...pushed.value, ...ended.value];
}

export const readable = (event: StreamEvent): unknown => ({ ...event, data: event.data.toString() });
