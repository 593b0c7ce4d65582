// A request and an instruction in; the edit that puts it before every other instruction out.
import type { Edit } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { encodeString, findString, findValue } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

/** What stands there already is kept byte for byte, as blocks behind the pinned one. */
export function pinSystem(body: Buffer, text: string): Result<readonly Edit[], DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const { start, members } = parsed.value;
  const block = `{"text":${encodeString(text)}}`;
  const system = findValue(parsed.value, 'system');
  if (system === undefined) return ok([insert(start + 1, `"system":[${block}]`, members.length > 0)]);
  if (system.kind !== 'array')
    return ok([{ start: system.start, end: system.end, replacement: `[${block}]` }]);
  const [first] = system.items;
  if (first !== undefined && findString(first, 'text') === text) return ok([]);
  return ok([insert(system.start + 1, block, first !== undefined)]);
}

const insert = (at: number, text: string, isBeforeOthers: boolean): Edit => ({
  start: at,
  end: at,
  replacement: isBeforeOthers ? `${text},` : text,
});
