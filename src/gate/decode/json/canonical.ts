// A node in; its canonical form (RFC 8785), the same for every spelling of the same document, out.
import type { JsonNode } from './node.ts';

/** Strings and numbers as ECMAScript writes them, names in the order of their UTF-16 units, no space. */
function canonicalJson(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return canonicalObject(node.members.map(({ key, value }) => [key.value, value]));
    case 'array':
      return `[${node.items.map(canonicalJson).join(',')}]`;
    case 'string':
    case 'number':
    case 'literal':
      return JSON.stringify(node.value);
  }
}

/** Of an object that stands nowhere. */
export const canonicalObject = (members: ReadonlyArray<readonly [string, JsonNode]>): string =>
  `{${members
    .toSorted(([a], [b]) => Number(a > b) - Number(a < b))
    .map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value)}`)
    .join(',')}}`;
