// The body of a completion request in; its prompts, in the words of every dialect, out.
import type { Limits, RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findNumber, type JsonObject } from '../json/index.ts';
import { sampling } from '../openai/added.ts';
import { texts } from '../openai/texts.ts';
import { as, byKind, known, list, map, note, object, plain, text } from '../read/readers.ts';
import { readRequest } from '../read/request.ts';
import type { TypedField } from '../read/typed.ts';

const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string', isRequired: true },
  { name: 'stream', type: 'boolean' },
  { name: 'echo', type: 'boolean' },
  { name: 'n', type: 'count' },
  { name: 'best_of', type: 'count' },
  { name: 'max_tokens', type: 'count' },
  { name: 'logprobs', type: 'count' },
];

/** What stands behind the gap that is to be filled belongs to what stands before it. */
export const suffix = as({ turn: 0, role: 'user', lane: '0.1' }, text());

const reader = object({
  ...sampling,
  model: note,
  prompt: texts('prompt'),
  suffix,
  stream: known,
  stream_options: object({ include_usage: plain, include_obfuscation: plain }),
  echo: known,
  n: known,
  best_of: known,
  max_tokens: known,
  logprobs: known,
  logit_bias: map(plain, /^\d{1,7}$/),
  temperature: plain,
  top_p: plain,
  frequency_penalty: plain,
  presence_penalty: plain,
  seed: plain,
  stop: byKind({ string: note, array: list(note) }),
  user: note,
});

export const decodeRequest = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: () => reader, limitsOf }, asked);

/** Field -> the name of its ceiling. */
const CEILINGS = { max_tokens: 'max_output_tokens', n: 'n', best_of: 'best_of' } as const;

const limitsOf = (request: JsonObject): Limits =>
  Object.fromEntries(
    Object.entries(CEILINGS).flatMap(([field, name]) => {
      const most = findNumber(request, field);
      return most === undefined ? [] : [[name, most] as const];
    }),
  );
