// The body of an answer in; its usage, and how much of it is vectors that nobody here can read, out.
import { answersOf, error, flatError } from '../openai/answer.ts';
import { numbers } from '../read/media.ts';
import { byKind, counts, id, list, note, object, oneOf, opaque, plain } from '../read/readers.ts';

/** `id` and `created` are what servers of the same dialect add. */
export const decodeResponse = answersOf(
  object({
    id,
    object: oneOf('list', 'error'),
    created: plain,
    model: note,
    data: list(
      object({
        object: oneOf('embedding'),
        index: plain,
        embedding: byKind({ string: opaque, array: numbers }),
      }),
    ),
    usage: counts(),
    error,
    ...flatError,
  }),
);
