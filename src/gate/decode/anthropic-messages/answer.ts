// The body of an answer that says no words of a model in; its fields, or an error in their place, as metadata out.
import type { ResponseMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { id, note, object, type Fields } from '../read/readers.ts';
import { parseObject } from '../read/typed.ts';

export const NOBODY: Place = { turn: -1, role: '', origin: 'assistant', lane: '', kind: 'text' };

export const error = object({ type: note, message: note, details: note });

export function answersOf(fields: Fields): (body: Buffer) => Result<ResponseMessage, DecodeFault> {
  const read = object({ type: note, error, request_id: id, ...fields });
  return (body) => {
    const parsed = parseObject(body);
    if (!parsed.ok) return parsed;
    const out = new Collector(body, 'assistant');
    read(parsed.value, NOBODY, out);
    if (out.fault !== null) return err(out.fault);
    return ok({ model: '', parts: out.parts, coverage: out.coverage, usage: {}, finishReasons: [] });
  };
}
