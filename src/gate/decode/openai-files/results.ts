// The content of a file in, read as the results of a batch; what is around the answers, and the answers themselves, out.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault, Enclosed } from '../codec.ts';
import { findString, findValue, isNull } from '../json/index.ts';
import type { JsonLine } from '../json-lines.ts';
import { error } from '../openai/answer.ts';
import { enclosedIn, linesOf } from '../read/lines.ts';
import { id, known, note, object, plain } from '../read/readers.ts';
import { findOperation } from '../registry.ts';
import { decodeFileAnswer, NOBODY } from './fields.ts';

const line = object({
  id: note,
  custom_id: note,
  response: object({ status_code: plain, request_id: id, body: known }),
  error,
});

/** An answer says what it is; which operation it came from is not told. */
const PATHS: Readonly<Record<string, string>> = {
  'chat.completion': '/v1/chat/completions',
  response: '/v1/responses',
  text_completion: '/v1/completions',
  list: '/v1/embeddings',
};

export const decodeContent = linesOf({ line, place: NOBODY, otherwise: decodeFileAnswer });

export const listAnswers = enclosedIn(answerIn);

/** Null in a line that holds none: its request failed. */
function answerIn({ start, value }: JsonLine): Result<Enclosed | null, DecodeFault> {
  const response = findValue(value, 'response');
  if (response === undefined || isNull(response)) return ok(null);
  const body = findValue(response, 'body');
  if (body === undefined || isNull(body)) return ok(null);
  const isError = findValue(body, 'error')?.kind === 'object';
  const path = isError ? '/v1/chat/completions' : PATHS[findString(body, 'object') ?? ''];
  const found = path === undefined ? null : findOperation('openai', 'POST', path);
  if (found === null) return err({ code: 'batch.answer', offset: start });
  return ok({ ...found, start: start + body.start, end: start + body.end });
}
