// The body of an embeddings request in; the texts that are to be embedded out.
import type { RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { texts } from '../openai/texts.ts';
import { known, map, note, object, oneOf, plain } from '../read/readers.ts';
import { readRequest } from '../read/request.ts';
import type { TypedField } from '../read/typed.ts';

const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string', isRequired: true },
  { name: 'dimensions', type: 'count' },
];

/** `input_type` is Azure's; what follows `user` is Mistral's. */
const reader = object({
  model: note,
  input: texts('input'),
  dimensions: known,
  encoding_format: oneOf('float', 'base64'),
  input_type: note,
  user: note,
  output_dimension: plain,
  output_dtype: oneOf('float', 'int8', 'uint8', 'binary', 'ubinary'),
  metadata: map(note),
});

export const decodeRequest = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: () => reader, limitsOf: () => ({}) }, asked);
