// Bytes of application/vnd.amazon.eventstream in, in any split; a frame for each of its messages out.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../fault.ts';
import { PRELUDE_BYTES, readMessage, readPrelude, writeMessage } from './eventstream-message.ts';
import { NOTHING, type Frame, type FrameReader, type Framing } from './framing.ts';

class EventstreamReader implements FrameReader {
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** How many bytes it takes to go on: those of a prelude, or once it was read those of its message. */
  #wanted = PRELUDE_BYTES;

  push(chunk: Buffer): Result<Frame[], DecodeFault> {
    const frames: Frame[] = [];
    this.#rest.push(chunk);
    this.#restBytes += chunk.length;
    while (this.#restBytes >= this.#wanted) {
      const fault = this.#advance(frames);
      if (fault !== null) return fault;
    }
    return ok(frames);
  }

  end(): Result<Frame[], DecodeFault> {
    return this.#restBytes === 0 ? ok([]) : err({ code: 'eventstream.unterminated' });
  }

  #advance(frames: Frame[]): Result<never, DecodeFault> | null {
    const bytes = this.#join();
    if (this.#wanted === PRELUDE_BYTES) {
      const total = readPrelude(bytes);
      if (!total.ok) return total;
      this.#wanted = total.value;
      return null;
    }
    const frame = readMessage(bytes.subarray(0, this.#wanted));
    if (!frame.ok) return frame;
    frames.push(frame.value);
    this.#rest = [bytes.subarray(this.#wanted)];
    this.#restBytes -= this.#wanted;
    this.#wanted = PRELUDE_BYTES;
    return null;
  }

  #join(): Buffer {
    const [only, more] = this.#rest;
    const bytes =
      only !== undefined && more === undefined ? only : Buffer.concat(this.#rest, this.#restBytes);
    this.#rest = [bytes];
    return bytes;
  }
}

/** Clients hand on every message, known or not: there is no way to keep such a stream alive. */
export const eventstream: Framing = {
  mediaType: 'application/vnd.amazon.eventstream',
  openReader: () => new EventstreamReader(),
  openWriter: () => ({ write: writeMessage, end: () => NOTHING }),
  keepAlive: NOTHING,
};
