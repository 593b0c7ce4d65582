// Google's reading of JSON: a field goes by either of two names, and where a list is meant one item will do.
import { findMember, isNull, type JsonMember, type JsonNode } from '../json/index.ts';
import type { Collector } from '../read/collector.ts';
import { note, unlessNull, type Fields, type Reader } from '../read/readers.ts';

/** `maxOutputTokens` is also `max_output_tokens`. */
export const snakeOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

type AddOther = (member: JsonMember, out: Collector) => void;

const addUnknown: AddOther = (member, out) => out.addUnknownField(member);

/** A field that stands there by both of its names has two values, of which only the upstream knows which one counts. */
export function proto(fields: Fields, addOther: AddOther = addUnknown): Reader {
  const known = new Map(
    Object.entries(fields).flatMap(([name, read]) => {
      const field = { name, read };
      return [[name, field] as const, [snakeOf(name), field] as const];
    }),
  );
  return unlessNull((node, place, out) => {
    if (node.kind !== 'object') return out.addUnknown(node);
    const seen = new Set<string>();
    for (const member of node.members) {
      const field = known.get(member.key.value);
      if (field === undefined) addOther(member, out);
      else {
        if (seen.has(field.name)) out.refuse('json.alias', member.key);
        seen.add(field.name);
        field.read(member.value, place, out);
      }
    }
  });
}

/** By either of its names. */
export const findField = (node: JsonNode, name: string): JsonNode | undefined =>
  (findMember(node, name) ?? findMember(node, snakeOf(name)))?.value;

export function findText(node: JsonNode, name: string): string | undefined {
  const value = findField(node, name);
  return value?.kind === 'string' ? value.value : undefined;
}

export function findCount(node: JsonNode | undefined, name: string): number | undefined {
  const value = node === undefined ? undefined : findField(node, name);
  return value?.kind === 'number' ? value.value : undefined;
}

export function repeatedOf(node: JsonNode | undefined): readonly JsonNode[] {
  if (node === undefined || isNull(node)) return [];
  return node.kind === 'array' ? node.items : [node];
}

export const repeated =
  (read: Reader): Reader =>
  (node, place, out) => {
    for (const item of repeatedOf(node)) read(item, place, out);
  };

/** Identifiers that providers make. */
export const token: Reader = (node, place, out) => {
  if (node.kind !== 'string' || !/^[A-Za-z0-9_-]{0,64}$/.test(node.value)) note(node, place, out);
};

/** Words such as `HARM_CATEGORY_HARASSMENT`; a number is good for one as well. */
export const word = (beginning: string): Reader => {
  const pattern = new RegExp(`^${beginning}[A-Z][A-Z0-9_]{0,63}$`);
  return (node, place, out) => {
    if (node.kind === 'number' || (node.kind === 'string' && pattern.test(node.value))) return;
    note(node, place, out);
  };
};
