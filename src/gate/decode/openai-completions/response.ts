// An answer, whole or in chunks of the same shape, in; what it says, its usage and why it ended out.
import { itemsOf } from '../json/index.ts';
import { answersOf, choiceIndex, error } from '../openai/answer.ts';
import { chunksOf } from '../openai/chunks.ts';
import {
  counts,
  id,
  list,
  note,
  object,
  oneOf,
  padding,
  plain,
  text,
  unlessNull,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { logprobs } from './logprobs.ts';

/** From `stop_reason` on it is what servers of the same dialect add, and what filters say. */
const choice = object({
  index: plain,
  text: text(),
  logprobs,
  finish_reason: oneOf('stop', 'length', 'content_filter'),
  stop_reason: note,
  token_ids: list(plain),
  prompt_token_ids: list(plain),
  prompt_logprobs: note,
  content_filter_results: note,
});

const choices: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'array') return out.addUnknown(node);
  for (const [position, item] of itemsOf(node).entries())
    choice(item, { ...place, lane: `${choiceIndex(item, position)}.0` }, out);
});

const FIELDS: Fields = {
  id,
  object: oneOf('text_completion'),
  created: plain,
  model: note,
  system_fingerprint: id,
  choices,
  usage: counts(),
  prompt_filter_results: note,
  error,
};

export const decodeResponse = answersOf(object(FIELDS));

export const openStream = chunksOf(object({ ...FIELDS, obfuscation: padding }));
