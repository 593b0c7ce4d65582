// OpenAI's batches: which file is to be worked off, and how far it is. What the file asks for was judged when it came.
import type { RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Codec, DecodeFault } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { errorNaming } from '../openai/error.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeBatchAnswer } from '../openai-files/fields.ts';
import { map, note, object, plain, reference } from '../read/readers.ts';
import { decodeNothing, readRequest } from '../read/request.ts';

const reader = object({
  input_file_id: reference('file'),
  endpoint: note,
  completion_window: note,
  metadata: map(note),
  output_expires_after: object({ anchor: note, seconds: plain }),
});

const TYPES = [{ name: 'input_file_id', type: 'string', isRequired: true }] as const;

/** Only what begins a batch has a body. */
const decodeRequest = (body: Buffer): Result<RequestMessage, DecodeFault> =>
  body.length === 0
    ? decodeNothing(body)
    : readRequest(body, { types: TYPES, readerFor: () => reader, limitsOf: () => ({}) });

export const openaiBatches: Codec = {
  decodeRequest,
  decodeResponse: decodeBatchAnswer,
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly(errorNaming('input_file_id')),
};
