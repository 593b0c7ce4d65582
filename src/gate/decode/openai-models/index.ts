// Which models there are: clients ask before they say anything to one.
import type { Codec } from '../codec.ts';
import { answersOf, error, flatError } from '../openai/answer.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { pinNowhere } from '../no-system.ts';
import { errorNaming } from '../openai/error.ts';
import { list, note, object, oneOf, plain, type Fields } from '../read/readers.ts';
import { decodeNothing } from '../read/request.ts';

/** From `root` on it is what servers of the same dialect add, and Azure; from `name` on, Mistral. */
const model: Fields = {
  id: note,
  object: oneOf('model'),
  created: plain,
  owned_by: note,
  root: note,
  parent: note,
  max_model_len: plain,
  permission: note,
  created_at: plain,
  updated_at: plain,
  status: note,
  lifecycle_status: note,
  capabilities: note,
  deprecation: note,
  name: note,
  description: note,
  max_context_length: plain,
  aliases: list(note),
  deprecation_replacement_model: note,
  default_model_temperature: plain,
  internal: plain,
  billing_model_name: note,
  type: note,
  job: note,
  archived: plain,
  audio_transcription_capabilities: note,
  audio_speech_capabilities: note,
};

/** One of them, all, or an error in their place. */
const decodeResponse = answersOf(
  object({
    ...model,
    object: oneOf('model', 'list', 'error'),
    data: list(object(model)),
    error,
    ...flatError,
  }),
);

export const openaiModels: Codec = {
  decodeRequest: decodeNothing,
  decodeResponse,
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly(errorNaming('model')),
};
