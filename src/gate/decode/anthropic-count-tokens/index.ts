// Anthropic's counting of tokens: it is asked like a message, and answered with a number.
import type { Codec } from '../codec.ts';
import { answersOf } from '../anthropic-messages/answer.ts';
import { encode } from '../anthropic-messages/encode.ts';
import { pinSystem } from '../anthropic-messages/pin-system.ts';
import { requestsOf } from '../anthropic-messages/request.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { object, plain } from '../read/readers.ts';

export const anthropicCountTokens: Codec = {
  decodeRequest: requestsOf([
    { name: 'model', type: 'string', isRequired: true },
    { name: 'messages', type: 'array', isRequired: true },
  ]),
  decodeResponse: answersOf({
    input_tokens: plain,
    context_management: object({ original_input_tokens: plain }),
  }),
  openStream: openNoStream,
  pinSystem,
  encode: errorsOnly(encode.error),
};
