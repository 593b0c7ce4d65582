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
  const ascii = scanWhile(body, start + 1, ENDS_ASCII);
  const at = scanWhile(body, ascii, ENDS_TEXT);
  if (body[at] === BACKSLASH) return scanEscaped(body, start, at);
  if (body[at] !== QUOTE) return { kind: 'fault', code: 'json.syntax', offset: at };
  const value = at === ascii ? text.slice(start + 1, at) : body.toString('utf8', start + 1, at);
  return { kind: 'string', start, end: at + 1, value };
}

function scanWhile(body: Buffer, from: number, ends: Uint8Array): number {
  let at = from;
  while (at < body.length && ends[body[at] as number] === 0) at += 1;
  return at;
}

function scanEscaped(body: Buffer, start: number, firstEscape: number): JsonString | StringFault {
  let at = firstEscape;
  while (body[at] === BACKSLASH) at = scanWhile(body, at + 2, ENDS_TEXT);
  if (body[at] !== QUOTE) return { kind: 'fault', code: 'json.syntax', offset: at };
  const literal = body.toString('utf8', start, at + 1);
  const value = unescape(literal);
  if (value === null) return { kind: 'fault', code: 'json.syntax', offset: start };
  if (literal.includes('\\u') && !value.isWellFormed())
    return { kind: 'fault', code: 'json.lone_surrogate', offset: start };
  return { kind: 'string', start, end: at + 1, value };
}

/** One literal is within what all parsers agree on, and the engine's own is the fastest. */
function unescape(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}
