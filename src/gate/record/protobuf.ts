// Fields of a protobuf message in, one after the other; its bytes out. Of the format, what spans are made of.
const FIRST_BYTES = 4_096;
const MOST_LENGTH_BYTES = 4;
const VARINT_BYTES = 10;
const TWO_32 = 2 ** 32;

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A number of the format: seven bits a byte. */
const countBytes = (value: number): number => {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x200000 ? 3 : MOST_LENGTH_BYTES;
};

export class ProtobufWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #size = 0;

  /** All that was written; the writer begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#size));
    this.#size = 0;
    return taken;
  }

  /** A whole number from 0. */
  uint(field: number, value: number): void {
    this.#begin(field, WIRE.varint, VARINT_BYTES);
    this.#varint(value);
  }

  double(field: number, value: number): void {
    this.#begin(field, WIRE.fixed64, 8);
    this.#size = this.#bytes.writeDoubleLE(value, this.#size);
  }

  fixed32(field: number, value: number): void {
    this.#begin(field, WIRE.fixed32, 4);
    this.#size = this.#bytes.writeUInt32LE(value, this.#size);
  }

  /** Milliseconds since 1970 as nanoseconds, which a number is too short for; of its fractions microseconds are true. */
  nanoseconds(field: number, ms: number): void {
    this.#begin(field, WIRE.fixed64, 8);
    const microseconds = Math.round(ms * 1_000);
    const low = (microseconds % TWO_32) * 1_000;
    const high = Math.floor(microseconds / TWO_32) * 1_000 + Math.floor(low / TWO_32);
    this.#size = this.#bytes.writeUInt32LE(low % TWO_32, this.#size);
    this.#size = this.#bytes.writeUInt32LE(high, this.#size);
  }

  hex(field: number, digits: string): void {
    this.#begin(field, WIRE.bytes, MOST_LENGTH_BYTES + digits.length);
    this.#varint(digits.length / 2);
    this.#size += this.#bytes.write(digits, this.#size, 'hex');
  }

  /** Fields that were written elsewhere. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#size);
    this.#size += fields.length;
  }

  text(field: number, text: string): void {
    const start = this.open(field);
    this.#reserve(text.length * 3);
    if (!this.#writeAscii(text)) this.#writeUtf8(text, start);
    this.close(start);
  }

  /** A message in a field of this one begins; what comes next belongs to it. Gives what is to be closed. */
  open(field: number): number {
    this.#begin(field, WIRE.bytes, MOST_LENGTH_BYTES);
    this.#size += 1;
    return this.#size;
  }

  /** Most are shorter than 128 bytes, and their length fits in the byte that was left for it. */
  close(start: number): void {
    const length = this.#size - start;
    const more = countBytes(length) - 1;
    if (more > 0) {
      this.#reserve(more);
      this.#bytes.copyWithin(start + more, start, this.#size);
    }
    this.#size = start - 1;
    this.#varint(length);
    this.#size += length;
  }

  #begin(field: number, wire: number, room: number): void {
    this.#reserve(room + 2);
    this.#varint(field * 8 + wire);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#size++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#size++] = rest;
  }

  /** False for a text of other characters. To call out of JavaScript takes longer than most texts do here. */
  #writeAscii(text: string): boolean {
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      this.#bytes[this.#size + i] = unit;
    }
    this.#size += text.length;
    return true;
  }

  #writeUtf8(text: string, start: number): void {
    this.#size = start + this.#bytes.write(text, start, 'utf8');
  }

  #reserve(room: number): void {
    const needed = this.#size + room;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
  }
}
