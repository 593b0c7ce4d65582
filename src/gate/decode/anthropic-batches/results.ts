// The results of a batch in, a line each; what is around the messages, and the messages themselves, out.
import { ok } from '../../../lib/result.ts';
import { answersOf, error, NOBODY } from '../anthropic-messages/answer.ts';
import { MESSAGES } from '../anthropic-messages/operations.ts';
import { findValue } from '../json/index.ts';
import { enclosedIn, linesOf } from '../read/lines.ts';
import { enclosed, id, note, object, oneOf } from '../read/readers.ts';

const failure = { type: note, error, request_id: id };

/** An error in the place of the results may be one line as well. */
const line = object({
  ...failure,
  custom_id: note,
  result: object({
    type: oneOf('succeeded', 'errored', 'canceled', 'expired'),
    message: enclosed,
    error: object(failure),
  }),
});

export const decodeContent = linesOf({ line, place: NOBODY, otherwise: answersOf({}) });

/** None where a request failed. */
export const listAnswers = enclosedIn(({ start, value }) => {
  const result = findValue(value, 'result');
  const message = result === undefined ? undefined : findValue(result, 'message');
  if (message?.kind !== 'object') return ok(null);
  return ok({ operation: MESSAGES, start: start + message.start, end: start + message.end });
});
