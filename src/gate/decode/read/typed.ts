// Fields whose type decides what an upstream does, in; the first that has another type, as a fault, out.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findValue, isNull, parseJson, type JsonNode, type JsonObject } from '../json/index.ts';

const CHECKS = {
  string: (node: JsonNode) => node.kind === 'string',
  array: (node: JsonNode) => node.kind === 'array',
  /** A list, or its only item. */
  items: (node: JsonNode) => node.kind === 'array' || node.kind === 'object',
  boolean: (node: JsonNode) => node.kind === 'literal',
  /** Digits alone: some readers take 1e3 or 1.0 for an integer, others do not. */
  count: (node: JsonNode) => isNull(node) || (node.kind === 'number' && /^\d{1,15}$/.test(node.raw)),
} as const;

export interface TypedField {
  readonly name: string;
  readonly type: keyof typeof CHECKS;
  readonly isRequired?: boolean;
}

export function checkTypes(node: JsonObject, fields: readonly TypedField[]): DecodeFault | null {
  for (const { name, type, isRequired = false } of fields) {
    const value = findValue(node, name);
    const isRight = value === undefined ? !isRequired : CHECKS[type](value);
    if (!isRight) return typeFault(name, value ?? node);
  }
  return null;
}

const typeFault = (name: string, { start }: JsonNode): DecodeFault => ({
  code: `request.${name}_type`,
  offset: start,
  path: `/${name}`,
});

/** The object that every body of every dialect is. */
export function parseObject(body: Buffer): Result<JsonObject, DecodeFault> {
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  return parsed.value.kind === 'object' ? ok(parsed.value) : err({ code: 'body.not_an_object', offset: 0 });
}
