// Answers that are files of JSON lines: what is around the bodies in them, and where those bodies stand.
import type { ResponseMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault, Enclosed } from '../codec.ts';
import { readLines, type JsonLine } from '../json-lines.ts';
import { Collector } from './collector.ts';
import type { Place } from './place.ts';
import type { Reader } from './readers.ts';

type DecodeAnswer = (body: Buffer) => Result<ResponseMessage, DecodeFault>;

interface Lines {
  readonly line: Reader;
  readonly place: Place;
  /** For an error in the place of the file, which may be written over several lines. */
  readonly otherwise: DecodeAnswer;
}

export const linesOf =
  ({ line, place, otherwise }: Lines): DecodeAnswer =>
  (body) => {
    const lines = readLines(body);
    if (!lines.ok) return otherwise(body);
    const out = new Collector(body, 'assistant');
    for (const { start, bytes, value } of lines.value) {
      const inner = new Collector(bytes, 'assistant');
      line(value, place, inner);
      out.addWithin(start, inner);
    }
    if (out.fault !== null) return err(out.fault);
    return ok({ model: '', parts: out.parts, coverage: out.coverage, usage: {}, finishReasons: [] });
  };

type FindEnclosed = (line: JsonLine) => Result<Enclosed | null, DecodeFault>;

/** `find` gives null for a line that holds none. */
export const enclosedIn =
  (find: FindEnclosed) =>
  (body: Buffer): Result<readonly Enclosed[], DecodeFault> => {
    const lines = readLines(body);
    if (!lines.ok) return ok([]);
    const enclosed: Enclosed[] = [];
    for (const each of lines.value) {
      const found = find(each);
      if (!found.ok) return found;
      if (found.value !== null) enclosed.push(found.value);
    }
    return ok(enclosed);
  };
