// The body of an answer in; what it says, its usage and why it ended out.
import { answersOf } from '../openai/answer.ts';
import { note, object } from '../read/readers.ts';
import { choicesIn } from './choices.ts';
import { identity } from './fields.ts';

/** The last three are what servers of the same dialect add. */
export const decodeResponse = answersOf(
  object({
    ...identity,
    choices: choicesIn('message'),
    prompt_filter_results: note,
    prompt_logprobs: note,
    kv_transfer_params: note,
  }),
);
