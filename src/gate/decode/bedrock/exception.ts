// An exception of Bedrock, in the place of an answer or in the middle of a stream in; its words as metadata out.
import type { ResponseMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault, StreamEvent } from '../codec.ts';
import type { Frame } from '../framing/index.ts';
import type { JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import type { Place } from '../read/place.ts';
import { note, object, plain, type Fields } from '../read/readers.ts';
import type { Lanes } from '../read/stream.ts';
import { parseObject } from '../read/typed.ts';

/** `Message` and `__type`: some of the services in front of it write so. */
export const exceptionFields: Fields = {
  message: note,
  Message: note,
  __type: note,
  originalStatusCode: plain,
  originalMessage: note,
  resourceName: note,
};

const exception = object(exceptionFields);

const NOBODY: Place = { turn: -1, role: '', origin: 'assistant', lane: '', kind: 'text' };

export function decodeException(body: Buffer, parsed: JsonObject): Result<ResponseMessage, DecodeFault> {
  const out = new Collector(body, 'assistant');
  exception(parsed, NOBODY, out);
  if (out.fault !== null) return err(out.fault);
  return ok({ model: '', parts: out.parts, coverage: out.coverage, usage: {}, finishReasons: [] });
}

/** Nothing is said after it. */
export function interpretException(frame: Frame, lanes: Lanes): Result<StreamEvent, DecodeFault> {
  const parsed = parseObject(frame.data);
  if (!parsed.ok) return parsed;
  const out = new Collector(frame.data, 'assistant', lanes.memory);
  exception(parsed.value, NOBODY, out);
  return lanes.conclude(frame, out, { isTerminal: true, closing: [''] });
}
