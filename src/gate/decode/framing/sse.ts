// Bytes of an event stream in, in any split; a frame for each event out (WHATWG HTML, section 9.2.6), and back to bytes.
import { isUtf8 } from 'node:buffer';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../fault.ts';
import { FRAME_BYTES, NOTHING, type Frame, type FrameReader, type Framing } from './framing.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NEWLINE = Buffer.from('\n');

/**
 * Comments are dropped, and so are `id` and `retry`: they serve reconnection, which no dialect here has.
 */
class SseReader implements FrameReader {
  /** Bytes of a line that has not ended yet. */
  #rest: Buffer[] = [];
  #name = '';
  #data: Buffer[] = [];
  #restBytes = 0;
  /** Bytes of the lines of the event so far. */
  #eventBytes = 0;
  #isFirstLine = true;
  /** The last line ended in CR: a LF that follows belongs to that end. */
  #sawReturn = false;

  push(chunk: Buffer): Result<Frame[], DecodeFault> {
    const events: Frame[] = [];
    let start = this.#skipLineFeed(chunk);
    for (let end = findLineEnd(chunk, start); end !== -1; end = findLineEnd(chunk, start)) {
      const fault = this.#takeLine(this.#finishLine(chunk.subarray(start, end)), events);
      if (fault !== null) return err(fault);
      start = end + 1;
      if (chunk[end] !== CARRIAGE_RETURN) continue;
      this.#sawReturn = true;
      start += this.#skipLineFeed(chunk.subarray(start));
    }
    return this.#keep(chunk.subarray(start)) ? ok(events) : err({ code: 'sse.event_bytes' });
  }

  /** Clients discard an event without its blank line; some upstreams leave the last one out. */
  end(): Result<Frame[], DecodeFault> {
    const events: Frame[] = [];
    const fault = this.#restBytes === 0 ? null : this.#takeLine(this.#finishLine(NOTHING), events);
    if (fault !== null) return err(fault);
    this.#dispatch(events);
    return ok(events);
  }

  #skipLineFeed(chunk: Buffer): number {
    if (!this.#sawReturn || chunk.length === 0) return 0;
    this.#sawReturn = false;
    return chunk[0] === LINE_FEED ? 1 : 0;
  }

  #keep(bytes: Buffer): boolean {
    if (bytes.length === 0) return true;
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    return this.#eventBytes + this.#restBytes <= FRAME_BYTES;
  }

  #finishLine(bytes: Buffer): Buffer {
    const whole = this.#rest.length === 0 ? bytes : Buffer.concat([...this.#rest, bytes]);
    this.#rest = [];
    this.#restBytes = 0;
    const isMarked = this.#isFirstLine && whole.subarray(0, BOM.length).equals(BOM);
    this.#isFirstLine = false;
    return isMarked ? whole.subarray(BOM.length) : whole;
  }

  #takeLine(line: Buffer, events: Frame[]): DecodeFault | null {
    if (this.#eventBytes + line.length > FRAME_BYTES) return { code: 'sse.event_bytes' };
    if (!isUtf8(line)) return { code: 'sse.utf8' };
    if (line.length === 0) this.#dispatch(events);
    else if (line[0] !== COLON) this.#takeField(line);
    return null;
  }

  #takeField(line: Buffer): void {
    this.#eventBytes += line.length;
    const colon = line.indexOf(COLON);
    const field = colon === -1 ? line.toString() : line.toString('latin1', 0, colon);
    const value = colon === -1 ? line.subarray(line.length) : valueAfter(line, colon);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#name = value.toString();
  }

  #dispatch(events: Frame[]): void {
    if (this.#data.length > 0) events.push({ name: this.#name, data: joinLines(this.#data) });
    this.#data = [];
    this.#name = '';
    this.#eventBytes = 0;
  }
}

function findLineEnd(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at];
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) return at;
  }
  return -1;
}

const valueAfter = (line: Buffer, colon: number): Buffer =>
  line.subarray(line[colon + 1] === SPACE ? colon + 2 : colon + 1);

function joinLines(lines: readonly Buffer[]): Buffer {
  const [first, ...more] = lines;
  if (first === undefined || more.length === 0) return first ?? Buffer.alloc(0);
  return Buffer.concat([first, ...more.flatMap((line) => [NEWLINE, line])]);
}

const DATA = Buffer.from('data: ');
const NEXT_DATA = Buffer.from('\ndata: ');
const END = Buffer.from('\n\n');

/** No comment, no stray field, LF only. */
function write({ name, data }: Frame): Buffer {
  const head = name === '' ? DATA : Buffer.from(`event: ${name}\ndata: `);
  if (!data.includes(LINE_FEED)) return Buffer.concat([head, data, END]);
  return Buffer.concat([head, ...splitLines(data), END]);
}

function splitLines(data: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let feed = data.indexOf(LINE_FEED); feed !== -1; feed = data.indexOf(LINE_FEED, start)) {
    pieces.push(data.subarray(start, feed), NEXT_DATA);
    start = feed + 1;
  }
  return [...pieces, data.subarray(start)];
}

export const sse: Framing = {
  mediaType: 'text/event-stream',
  openReader: () => new SseReader(),
  openWriter: () => ({ write, end: () => NOTHING }),
  keepAlive: Buffer.from(': keep-alive\n\n'),
};
