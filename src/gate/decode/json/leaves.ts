// A node in; every text in it (keys and strings, also of JSON inside strings), or its plain value, out.
import { parseJson } from './parse.ts';
import type { JsonNode } from './node.ts';

export interface Leaves {
  /** A line each, in the order of the document. */
  readonly lines: readonly string[];
  /** Of the literals that hold them. */
  readonly bytes: number;
}

/** How many layers of JSON inside strings are opened. */
const NESTED = 3;

/** What is inside a string that holds JSON is listed in its place, unescaped. */
export function listLeaves(node: JsonNode): Leaves {
  const lines: string[] = [];
  return { lines, bytes: collect(node, lines, NESTED) };
}

function collect(node: JsonNode, lines: string[], nested: number): number {
  switch (node.kind) {
    case 'string':
      collectString(node.value, lines, nested);
      return node.end - node.start;
    case 'array':
      return node.items.reduce((bytes, item) => bytes + collect(item, lines, nested), 0);
    case 'object':
      return node.members.reduce(
        (bytes, { key, value }) => bytes + collect(key, lines, 0) + collect(value, lines, nested),
        0,
      );
    case 'number':
    case 'literal':
      return 0;
  }
}

function collectString(text: string, lines: string[], nested: number): void {
  const inner = nested > 0 ? parseNested(text) : null;
  if (inner !== null) collect(inner, lines, nested - 1);
  else if (text !== '') lines.push(text);
}

/** The object or array that a text is, if it is one. */
export function parseNested(text: string): JsonNode | null {
  if (!/^\s*[{[]/.test(text)) return null;
  const parsed = parseJson(Buffer.from(text));
  return parsed.ok ? parsed.value : null;
}

/** As JSON.parse would have it; `__proto__` cannot be among the keys. */
export function plainValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plainValue(value)]));
    case 'array':
      return node.items.map(plainValue);
    case 'string':
    case 'number':
    case 'literal':
      return node.value;
  }
}
