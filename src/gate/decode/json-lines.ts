// A file of JSON lines in; each line with the place where it begins out.
import { err, ok, type Result } from '../../lib/result.ts';
import type { DecodeFault } from './fault.ts';
import type { JsonObject } from './json/index.ts';
import { parseObject } from './read/typed.ts';

export interface JsonLine {
  readonly start: number;
  readonly bytes: Buffer;
  /** Its places are counted from the start of the line. */
  readonly value: JsonObject;
}

const LINE_FEED = 0x0a;

/** Empty lines are nothing; a CR before the end of a line is white space of JSON. */
export function readLines(bytes: Buffer, offset = 0): Result<readonly JsonLine[], DecodeFault> {
  const lines: JsonLine[] = [];
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    const line = bytes.subarray(start, end);
    const value = parseObject(line);
    if (value.ok) lines.push({ start: offset + start, bytes: line, value: value.value });
    else if (!isBlank(line))
      return err({ code: value.error.code, offset: offset + start + (value.error.offset ?? 0) });
    start = end + 1;
  }
  return ok(lines);
}

const isBlank = (line: Buffer): boolean =>
  line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
