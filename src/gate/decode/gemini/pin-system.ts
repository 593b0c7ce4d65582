// A request and an instruction in; the edit that makes it the first part of the system instruction out.
import type { Edit } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { encodeString, findString, type JsonArray, type JsonNode, type JsonObject } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';
import { findField } from './proto.ts';

/** What stands there already is kept byte for byte, as parts behind the pinned one. */
export function pinSystem(body: Buffer, text: string): Result<readonly Edit[], DecodeFault> {
  const parsed = parseObject(body);
  return parsed.ok ? ok(pinInRequest(parsed.value, text)) : parsed;
}

/** In bodies that may hold the request in a field. */
export const pinWithin =
  (field: string): typeof pinSystem =>
  (body, text) => {
    const parsed = parseObject(body);
    if (!parsed.ok) return parsed;
    const request = findField(parsed.value, field);
    return ok(pinInRequest(request?.kind === 'object' ? request : parsed.value, text));
  };

function pinInRequest(request: JsonObject, text: string): Edit[] {
  const system = findField(request, 'systemInstruction');
  if (system === undefined) return [insertMember(request, `"systemInstruction":${contentOf(text)}`)];
  if (system.kind !== 'object') return [replace(system, contentOf(text))];
  const parts = findField(system, 'parts');
  if (parts === undefined) return [insertMember(system, `"parts":[${partOf(text)}]`)];
  return pinInParts(parts, text);
}

function pinInParts(parts: JsonNode, text: string): Edit[] {
  if (parts.kind === 'array') return pinInList(parts, text);
  if (parts.kind !== 'object') return [replace(parts, `[${partOf(text)}]`)];
  if (isPinned(parts, text)) return [];
  return [insert(parts.start, `[${partOf(text)},`), insert(parts.end, ']')];
}

function pinInList({ start, items }: JsonArray, text: string): Edit[] {
  const [first] = items;
  if (first === undefined) return [insert(start + 1, partOf(text))];
  return isPinned(first, text) ? [] : [insert(start + 1, `${partOf(text)},`)];
}

const isPinned = (part: JsonNode, text: string): boolean =>
  part.kind === 'object' && part.members.length === 1 && findString(part, 'text') === text;

const partOf = (text: string): string => `{"text":${encodeString(text)}}`;

const contentOf = (text: string): string => `{"parts":[${partOf(text)}]}`;

const insert = (at: number, replacement: string): Edit => ({ start: at, end: at, replacement });

const replace = ({ start, end }: JsonNode, replacement: string): Edit => ({ start, end, replacement });

const insertMember = ({ start, members }: JsonObject, member: string): Edit =>
  insert(start + 1, members.length === 0 ? member : `${member},`);
