// A request to generate and an instruction in; the edit that makes it the beginning of the system instruction out.
import type { Edit } from '../../../exchange/index.ts';
import { err, ok } from '../../../lib/result.ts';
import type { Codec } from '../codec.ts';
import { encodeString, findValue, type JsonObject } from '../json/index.ts';
import { parseObject } from '../read/typed.ts';

/** A raw prompt is not put into the template, and neither is an instruction. */
export const pinSystem: Codec['pinSystem'] = (body, text) => {
  const parsed = parseObject(body);
  if (!parsed.ok) return parsed;
  return isRaw(parsed.value) ? err({ code: 'request.raw', path: '/raw' }) : ok(pinIn(parsed.value, text));
};

function isRaw(request: JsonObject): boolean {
  const raw = findValue(request, 'raw');
  return raw?.kind === 'literal' && raw.value === true;
}

/** It has a model, so it is never empty. */
function pinIn(request: JsonObject, text: string): Edit[] {
  const system = findValue(request, 'system');
  const at = request.start + 1;
  if (system === undefined) return [{ start: at, end: at, replacement: `"system":${encodeString(text)},` }];
  const said = system.kind === 'string' ? system.value : '';
  if (said === text || said.startsWith(`${text}\n`)) return [];
  const whole = said === '' ? text : `${text}\n${said}`;
  return [{ start: system.start, end: system.end, replacement: encodeString(whole) }];
}
