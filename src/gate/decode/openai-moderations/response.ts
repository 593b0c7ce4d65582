// The body of an answer in; what of it is no word or number that was to be expected out.
import { answersOf, error } from '../openai/answer.ts';
import { id, list, map, note, object, oneOf, plain } from '../read/readers.ts';

const CATEGORY =
  /^(?:harassment|hate|illicit|self-harm|sexual|violence)(?:\/(?:threatening|violent|intent|instructions|minors|graphic))?$/;

/** Older models say no more than `flagged`, `categories` and `category_scores`. */
const result = object({
  flagged: plain,
  categories: map(plain, CATEGORY),
  category_scores: map(plain, CATEGORY),
  category_applied_input_types: map(list(oneOf('text', 'image')), CATEGORY),
});

export const decodeResponse = answersOf(object({ id, model: note, results: list(result), error }));
