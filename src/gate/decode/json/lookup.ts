// A node and a member's name in; what stands there out.
import type { JsonMember, JsonNode } from './node.ts';

export const findMember = (node: JsonNode, key: string): JsonMember | undefined =>
  node.kind === 'object' ? node.members.find((member) => member.key.value === key) : undefined;

export const findValue = (node: JsonNode, key: string): JsonNode | undefined => findMember(node, key)?.value;

/** The string there, or undefined where there is none or something else. */
export function findString(node: JsonNode, key: string): string | undefined {
  const value = findValue(node, key);
  return value?.kind === 'string' ? value.value : undefined;
}

export function findNumber(node: JsonNode, key: string): number | undefined {
  const value = findValue(node, key);
  return value?.kind === 'number' ? value.value : undefined;
}

/** The items of a list, none where there is something else. */
export const itemsOf = (node: JsonNode | undefined): readonly JsonNode[] =>
  node?.kind === 'array' ? node.items : [];

export const isNull = (node: JsonNode): boolean => node.kind === 'literal' && node.value === null;
