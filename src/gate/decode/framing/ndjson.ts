// Bytes of newline-delimited JSON in, in any split; a frame for each line out.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../fault.ts';
import { FRAME_BYTES, NOTHING, type Frame, type FrameReader, type Framing } from './framing.ts';

const LINE_FEED = 0x0a;
const NEWLINE = Buffer.from('\n');

/** Lines end in LF, as the format has it; a CR before it is white space of JSON. Empty lines are nothing. */
class NdjsonReader implements FrameReader {
  #rest: Buffer[] = [];
  #restBytes = 0;

  push(chunk: Buffer): Result<Frame[], DecodeFault> {
    const frames: Frame[] = [];
    let start = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, start)) {
      if (!this.#keep(chunk.subarray(start, feed))) return err({ code: 'ndjson.line_bytes' });
      const data = this.#takeLine();
      if (!isBlank(data)) frames.push({ name: '', data });
      start = feed + 1;
    }
    return this.#keep(chunk.subarray(start)) ? ok(frames) : err({ code: 'ndjson.line_bytes' });
  }

  end(): Result<Frame[], DecodeFault> {
    const data = this.#takeLine();
    return ok(isBlank(data) ? [] : [{ name: '', data }]);
  }

  #keep(bytes: Buffer): boolean {
    this.#restBytes += bytes.length;
    if (bytes.length > 0) this.#rest.push(bytes);
    return this.#restBytes <= FRAME_BYTES;
  }

  #takeLine(): Buffer {
    const line = Buffer.concat(this.#rest, this.#restBytes);
    this.#rest = [];
    this.#restBytes = 0;
    return line;
  }
}

const isBlank = (line: Buffer): boolean => line.length === 0 || (line.length === 1 && line[0] === 0x0d);

/** Clients parse every line, an empty one too: there is no way to keep such a stream alive. */
export const ndjson: Framing = {
  mediaType: 'application/x-ndjson',
  openReader: () => new NdjsonReader(),
  openWriter: () => ({ write: ({ data }) => Buffer.concat([data, NEWLINE]), end: () => NOTHING }),
  keepAlive: NOTHING,
};
