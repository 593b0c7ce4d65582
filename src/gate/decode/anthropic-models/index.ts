// Which models Anthropic has: clients ask before they say anything to one.
import { answersOf } from '../anthropic-messages/answer.ts';
import { encode } from '../anthropic-messages/encode.ts';
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { pinNowhere } from '../no-system.ts';
import { list, note, object, plain, type Fields } from '../read/readers.ts';
import { decodeNothing } from '../read/request.ts';

const model: Fields = {
  type: note,
  id: note,
  display_name: note,
  created_at: note,
  capabilities: note,
  max_input_tokens: plain,
  max_tokens: plain,
};

/** One of them, or a page of them. */
export const anthropicModels: Codec = {
  decodeRequest: decodeNothing,
  decodeResponse: answersOf({
    ...model,
    data: list(object(model)),
    first_id: note,
    last_id: note,
    has_more: plain,
  }),
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly(encode.error),
};
