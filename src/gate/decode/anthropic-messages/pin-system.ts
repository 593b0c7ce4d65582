// A request and an instruction in; the edits that put it before every other instruction out.
import type { Edit } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { encodeString, findMember, findString, type JsonArray, type JsonNode } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

/** What stands there already is kept byte for byte, as a block of its own behind the pinned one. */
export function pinSystem(body: Buffer, text: string): Result<readonly Edit[], DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const system = findMember(parsed.value, 'system')?.value;
  if (system !== undefined) return ok(pinBefore(system, text));
  const member = `"system":${encodeString(text)}`;
  return ok([insert(parsed.value.start + 1, parsed.value.members.length === 0 ? member : `${member},`)]);
}

function pinBefore(system: JsonNode, text: string): Edit[] {
  switch (system.kind) {
    case 'string':
      return system.value === text ? [] : wrap(system, text);
    case 'array':
      return pinInList(system, text);
    case 'literal':
    case 'number':
    case 'object':
      return [{ start: system.start, end: system.end, replacement: encodeString(text) }];
  }
}

function pinInList({ start, items }: JsonArray, text: string): Edit[] {
  const [first] = items;
  if (first === undefined) return [insert(start + 1, block(text))];
  return findString(first, 'text') === text ? [] : [insert(start + 1, `${block(text)},`)];
}

/** Two insertions beside the literal, so that it can itself be edited at the same time. */
const wrap = ({ start, end }: JsonNode, text: string): Edit[] => [
  insert(start, `[${block(text)},{"type":"text","text":`),
  insert(end, '}]'),
];

const block = (text: string): string => `{"type":"text","text":${encodeString(text)}}`;

const insert = (at: number, replacement: string): Edit => ({ start: at, end: at, replacement });
