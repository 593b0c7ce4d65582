// Bytes in; a tree that every reader of these bytes must agree on, or the place where readers could differ, out (RFC 8259).
import { isUtf8 } from 'node:buffer';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { JsonFault, JsonFaultCode, JsonMember, JsonNode, JsonString } from './node.ts';
import { scanNumber } from './scan-number.ts';
import { scanString } from './scan-string.ts';

export interface JsonLimits {
  readonly depth: number;
  readonly nodes: number;
  readonly numberChars: number;
  readonly keyBytes: number;
}

const LIMITS: JsonLimits = { depth: 64, nodes: 100_000, numberChars: 64, keyBytes: 1_024 };

export function parseJson(body: Buffer, limits: JsonLimits = LIMITS): Result<JsonNode, JsonFault> {
  if (!isUtf8(body)) return err({ code: 'json.utf8', offset: 0 });
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return err({ code: 'json.bom', offset: 0 });
  const reader = new Reader(body, limits);
  const node = reader.readDocument();
  return node === null ? err(reader.fault) : ok(node);
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

/** Few keys are compared one by one, which is faster than a set. */
const FEW_KEYS = 8;

const LITERALS = [
  { word: 'true', value: true },
  { word: 'false', value: false },
  { word: 'null', value: null },
] as const;

/** Recursive, and bounded by the depth limit. A method that gives null has set the fault. */
class Reader {
  fault: JsonFault = { code: 'json.syntax', offset: 0 };
  readonly #body: Buffer;
  /** One character a byte, so that offsets are those of the body. */
  readonly #text: string;
  readonly #limits: JsonLimits;
  #at = 0;
  #nodes = 0;

  constructor(body: Buffer, limits: JsonLimits) {
    this.#body = body;
    this.#text = body.toString('latin1');
    this.#limits = limits;
  }

  readDocument(): JsonNode | null {
    this.#skipSpace();
    if (this.#at === this.#text.length) return this.#fail('json.empty');
    const node = this.#readValue(0);
    if (node === null) return null;
    this.#skipSpace();
    return this.#at === this.#text.length ? node : this.#fail('json.trailing');
  }

  #fail(code: JsonFaultCode, offset = this.#at): null {
    this.fault = { code, offset };
    return null;
  }

  #skipSpace(): void {
    let code = this.#body[this.#at];
    while (code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB) {
      this.#at += 1;
      code = this.#body[this.#at];
    }
  }

  #readValue(depth: number): JsonNode | null {
    this.#nodes += 1;
    if (this.#nodes > this.#limits.nodes) return this.#fail('json.nodes');
    const code = this.#body[this.#at];
    if (code === QUOTE) return this.#readString();
    if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      if (depth === this.#limits.depth) return this.#fail('json.depth');
      return code === BRACE_OPEN ? this.#readObject(depth + 1) : this.#readArray(depth + 1);
    }
    return beginsNumber(code) ? this.#readNumber() : this.#readLiteral();
  }

  #readObject(depth: number): JsonNode | null {
    const start = this.#at;
    const members: JsonMember[] = [];
    let seen: Set<string> | null = null;
    this.#at += 1;
    if (this.#closes(BRACE_CLOSE)) return { kind: 'object', start, end: this.#at, members };
    do {
      const member = this.#readMember(depth);
      if (member === null) return null;
      if (members.length === FEW_KEYS) seen = new Set(members.map(({ key }) => key.value));
      if (isTaken(member.key.value, members, seen)) return this.#fail('json.duplicate_key', member.key.start);
      seen?.add(member.key.value);
      members.push(member);
    } while (this.#continues());
    return this.#closes(BRACE_CLOSE)
      ? { kind: 'object', start, end: this.#at, members }
      : this.#fail('json.syntax');
  }

  #readArray(depth: number): JsonNode | null {
    const start = this.#at;
    const items: JsonNode[] = [];
    this.#at += 1;
    if (this.#closes(BRACKET_CLOSE)) return { kind: 'array', start, end: this.#at, items };
    do {
      this.#skipSpace();
      const item = this.#readValue(depth);
      if (item === null) return null;
      items.push(item);
    } while (this.#continues());
    return this.#closes(BRACKET_CLOSE)
      ? { kind: 'array', start, end: this.#at, items }
      : this.#fail('json.syntax');
  }

  #closes(bracket: number): boolean {
    this.#skipSpace();
    if (this.#body[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #continues(): boolean {
    this.#skipSpace();
    if (this.#body[this.#at] !== COMMA) return false;
    this.#at += 1;
    return true;
  }

  #readMember(depth: number): JsonMember | null {
    this.#skipSpace();
    if (this.#body[this.#at] !== QUOTE) return this.#fail('json.syntax');
    const key = this.#readString();
    if (key === null) return null;
    if (key.end - key.start - 2 > this.#limits.keyBytes) return this.#fail('json.key', key.start);
    if (key.value === '__proto__') return this.#fail('json.proto_key', key.start);
    this.#skipSpace();
    if (this.#body[this.#at] !== COLON) return this.#fail('json.syntax');
    this.#at += 1;
    this.#skipSpace();
    const value = this.#readValue(depth);
    return value === null ? null : { key, value };
  }

  #readString(): JsonString | null {
    const scanned = scanString(this.#body, this.#text, this.#at);
    if (scanned.kind === 'fault') return this.#fail(scanned.code, scanned.offset);
    this.#at = scanned.end;
    return scanned;
  }

  #readNumber(): JsonNode | null {
    const start = this.#at;
    const end = scanNumber(this.#text, start);
    if (end === null) return this.#fail('json.syntax');
    if (end - start > this.#limits.numberChars) return this.#fail('json.number');
    this.#at = end;
    const raw = this.#text.slice(start, end);
    const value = Number(raw);
    // What does not fit a double is read as infinity by some and refused by others.
    return Number.isFinite(value)
      ? { kind: 'number', start, end, raw, value }
      : this.#fail('json.number', start);
  }

  #readLiteral(): JsonNode | null {
    const start = this.#at;
    const literal = LITERALS.find(({ word }) => this.#text.startsWith(word, start));
    if (literal === undefined) return this.#fail('json.syntax');
    this.#at += literal.word.length;
    return { kind: 'literal', start, end: this.#at, value: literal.value };
  }
}

const beginsNumber = (code: number | undefined): boolean =>
  code === MINUS || (code !== undefined && code >= ZERO && code <= NINE);

const isTaken = (key: string, members: readonly JsonMember[], seen: ReadonlySet<string> | null): boolean =>
  seen === null ? members.some((member) => member.key.value === key) : seen.has(key);
