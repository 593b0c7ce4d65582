// The body of an answer in; what it says, its usage and why it ended out.
import { answersOf } from '../openai/answer.ts';
import { list, note, object, plain } from '../read/readers.ts';
import { choices } from './choices.ts';
import { identity } from './fields.ts';

/** The last four are what servers of the same dialect add. */
export const decodeResponse = answersOf(
  object({
    ...identity,
    choices,
    prompt_filter_results: note,
    prompt_logprobs: note,
    prompt_token_ids: list(plain),
    kv_transfer_params: note,
  }),
);
