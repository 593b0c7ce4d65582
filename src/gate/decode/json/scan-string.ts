// The offset of an opening quote in; the string that stands there, unescaped, or what is wrong with it, out.
import type { JsonFaultCode, JsonString } from './node.ts';

interface StringFault {
  readonly kind: 'fault';
  readonly code: JsonFaultCode;
  readonly offset: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const isStop = (byte: number): boolean => byte < 0x20 || byte === QUOTE || byte === BACKSLASH;

/** Bytes at which plain text ends, and those at which plain ASCII does. One look-up a byte is what makes this fast. */
const ENDS_TEXT = Uint8Array.from({ length: 256 }, (_, byte) => (isStop(byte) ? 1 : 0));
const ENDS_ASCII = Uint8Array.from({ length: 256 }, (_, byte) => (isStop(byte) || byte > 0x7f ? 1 : 0));

/** `text` is `body` with one character a byte; `body` is known to be UTF-8. */
export function scanString(body: Buffer, text: string, start: number): JsonString | StringFault {
  const { at, isAscii, isEscaped } = findClose(body, start + 1);
  if (body[at] !== QUOTE) return { kind: 'fault', code: 'json.syntax', offset: at };
  const end = at + 1;
  const literal = isAscii ? text.slice(start, end) : body.toString('utf8', start, end);
  if (!isEscaped) return { kind: 'string', start, end, value: literal.slice(1, -1) };
  const value = unescape(literal);
  if (value === null) return { kind: 'fault', code: 'json.syntax', offset: start };
  if (literal.includes('\\u') && !value.isWellFormed())
    return { kind: 'fault', code: 'json.lone_surrogate', offset: start };
  return { kind: 'string', start, end, value };
}

interface Close {
  /** Of the closing quote, or of what stands where it should. */
  readonly at: number;
  readonly isAscii: boolean;
  readonly isEscaped: boolean;
}

/** Steps over escapes; whether they are escapes at all is for `unescape` to say. */
function findClose(body: Buffer, from: number): Close {
  let at = from;
  let ends = ENDS_ASCII;
  let isEscaped = false;
  for (;;) {
    at = scanWhile(body, at, ends);
    const byte = body[at] ?? 0;
    if (byte === BACKSLASH) at += 2;
    else if (byte > 0x7f) ends = ENDS_TEXT;
    else return { at, isAscii: ends === ENDS_ASCII, isEscaped };
    isEscaped ||= byte === BACKSLASH;
  }
}

function scanWhile(body: Buffer, from: number, ends: Uint8Array): number {
  let at = from;
  while (at < body.length && ends[body[at] as number] === 0) at += 1;
  return at;
}

/** One literal is within what all parsers agree on, and the engine's own is the fastest. */
function unescape(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}
