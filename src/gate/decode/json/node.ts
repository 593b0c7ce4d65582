// What a JSON document is made of, each piece with the bytes it stands on.
import type { ByteSpan } from '../../../exchange/index.ts';

export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonLiteral;

export interface JsonObject extends ByteSpan {
  readonly kind: 'object';
  readonly members: readonly JsonMember[];
}

export interface JsonMember {
  readonly key: JsonString;
  readonly value: JsonNode;
}

export interface JsonArray extends ByteSpan {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
}

/** `value` is unescaped; the span includes the quotes. */
export interface JsonString extends ByteSpan {
  readonly kind: 'string';
  readonly value: string;
}

export interface JsonNumber extends ByteSpan {
  readonly kind: 'number';
  readonly raw: string;
  readonly value: number;
}

export interface JsonLiteral extends ByteSpan {
  readonly kind: 'literal';
  readonly value: true | false | null;
}

export interface JsonFault {
  readonly code: JsonFaultCode;
  readonly offset: number;
}

export type JsonFaultCode =
  | 'json.bom'
  | 'json.depth'
  | 'json.duplicate_key'
  | 'json.empty'
  | 'json.key'
  | 'json.lone_surrogate'
  | 'json.nodes'
  | 'json.number'
  | 'json.proto_key'
  | 'json.syntax'
  | 'json.trailing'
  | 'json.utf8';
