// Bytes of one JSON array of objects in, in any split; a frame for each of its items as soon as it is whole, out.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../fault.ts';
import { FRAME_BYTES, type Frame, type FrameReader, type FrameWriter, type Framing } from './framing.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** What may come next: `[`, the first item or `]`, an item, `,` or `]`, nothing. Inside an item only its end is looked for. */
type Expecting = 'array' | 'first' | 'item' | 'separator' | 'nothing' | 'item_end';

/** Which state each byte between items leads to; bytes that are not named are not understood. */
const STEPS: Readonly<Record<Exclude<Expecting, 'item_end'>, ReadonlyMap<number, Expecting>>> = {
  array: new Map([[OPEN_ARRAY, 'first']]),
  first: new Map([
    [OPEN_OBJECT, 'item_end'],
    [CLOSE_ARRAY, 'nothing'],
  ]),
  item: new Map([[OPEN_OBJECT, 'item_end']]),
  separator: new Map([
    [COMMA, 'item'],
    [CLOSE_ARRAY, 'nothing'],
  ]),
  nothing: new Map(),
};

/** Finds where items end; whether they are JSON is for those who read them to say. */
class JsonArrayReader implements FrameReader {
  #expecting: Expecting = 'array';
  #item: Buffer[] = [];
  #itemBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  push(chunk: Buffer): Result<Frame[], DecodeFault> {
    const frames: Frame[] = [];
    let itemStart = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#expecting !== 'item_end') {
        if (!this.#step(byte)) return err({ code: 'json_array.syntax' });
        itemStart = at;
      } else if (this.#closes(byte)) {
        if (!this.#keep(chunk.subarray(itemStart, at + 1))) return err({ code: 'json_array.item_bytes' });
        frames.push({ name: '', data: this.#takeItem() });
      }
    }
    const isOpen = this.#expecting === 'item_end';
    return !isOpen || this.#keep(chunk.subarray(itemStart))
      ? ok(frames)
      : err({ code: 'json_array.item_bytes' });
  }

  end(): Result<Frame[], DecodeFault> {
    return this.#expecting === 'nothing' ? ok([]) : err({ code: 'json_array.unterminated' });
  }

  #step(byte: number): boolean {
    if (this.#expecting === 'item_end' || SPACES.has(byte)) return true;
    const next = STEPS[this.#expecting].get(byte);
    if (next === undefined) return false;
    this.#expecting = next;
    this.#depth = next === 'item_end' ? 1 : 0;
    return true;
  }

  /** Whether the item ends with this byte. */
  #closes(byte: number): boolean {
    if (this.#inString) this.#readInString(byte);
    else if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth -= 1;
    return this.#depth === 0;
  }

  #readInString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #keep(bytes: Buffer): boolean {
    this.#item.push(bytes);
    this.#itemBytes += bytes.length;
    return this.#itemBytes <= FRAME_BYTES;
  }

  #takeItem(): Buffer {
    const data = Buffer.concat(this.#item, this.#itemBytes);
    this.#item = [];
    this.#itemBytes = 0;
    this.#expecting = 'separator';
    return data;
  }
}

class JsonArrayWriter implements FrameWriter {
  #isFirst = true;

  write({ data }: Frame): Buffer {
    const before = Buffer.from(this.#isFirst ? '[' : ',\r\n');
    this.#isFirst = false;
    return Buffer.concat([before, data]);
  }

  end(): Buffer {
    return Buffer.from(this.#isFirst ? '[]' : ']');
  }
}

export const jsonArray: Framing = {
  mediaType: 'application/json',
  openReader: () => new JsonArrayReader(),
  openWriter: () => new JsonArrayWriter(),
  keepAlive: Buffer.from('\n'),
};
