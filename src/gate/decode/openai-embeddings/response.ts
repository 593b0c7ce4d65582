// The body of an answer in; its usage, and how much of it is vectors that nobody here can read, out.
import { answersOf, error } from '../openai/answer.ts';
import type { JsonNode } from '../json/index.ts';
import {
  byKind,
  counts,
  id,
  list,
  note,
  object,
  oneOf,
  opaque,
  plain,
  type Reader,
} from '../read/readers.ts';

const isNumber = ({ kind }: JsonNode): boolean => kind === 'number';

const numbers: Reader = (node, _place, out) => {
  if (node.kind === 'array' && node.items.every(isNumber)) out.countOpaque(node);
  else out.addUnknownBlock(node);
};

/** `id` and `created` are what servers of the same dialect add. */
export const decodeResponse = answersOf(
  object({
    id,
    object: oneOf('list'),
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
  }),
);
