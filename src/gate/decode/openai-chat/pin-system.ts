// A request and an instruction in; the edit that makes it the first message out.
import type { Edit } from '../../../exchange/index.ts';
import { ok, err, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { encodeString, findString, findValue, type JsonNode } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

export function pinSystem(body: Buffer, text: string): Result<readonly Edit[], DecodeFault> {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  const messages = findValue(parsed.value, 'messages');
  if (messages?.kind !== 'array') return err({ code: 'request.messages_type', path: '/messages' });
  const [first] = messages.items;
  if (first !== undefined && isPinned(first, text)) return ok([]);
  const message = `{"role":"system","content":${encodeString(text)}}`;
  const at = messages.start + 1;
  return ok([{ start: at, end: at, replacement: first === undefined ? message : `${message},` }]);
}

const isPinned = (message: JsonNode, text: string): boolean =>
  findString(message, 'role') === 'system' && findString(message, 'content') === text;
