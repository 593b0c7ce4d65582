// A request and an instruction in; the edit that puts it before every other instruction out.
import type { Edit } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { encodeString, findMember, type JsonNode } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

const BREAK = '\n\n';

/** Instructions are one string that stands before all input: what is there already is kept behind the pinned one. */
export function pinSystem(body: Buffer, text: string): Result<readonly Edit[], DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const instructions = findMember(parsed.value, 'instructions')?.value;
  if (instructions !== undefined) return ok(pinBefore(instructions, text));
  const member = `"instructions":${encodeString(text)}`;
  const at = parsed.value.start + 1;
  return ok([{ start: at, end: at, replacement: parsed.value.members.length === 0 ? member : `${member},` }]);
}

function pinBefore({ start, end, ...node }: JsonNode, text: string): Edit[] {
  if (node.kind !== 'string' || node.value === '') return [{ start, end, replacement: encodeString(text) }];
  if (node.value === text || node.value.startsWith(text + BREAK)) return [];
  return [{ start: start + 1, end: start + 1, replacement: encodeString(text + BREAK).slice(1, -1) }];
}
