// OpenAI's counting of tokens: it is asked like a response, and answered with a number.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { answersOf, error } from '../openai/answer.ts';
import { errorNaming } from '../openai/error.ts';
import { pinSystem } from '../openai-responses/pin-system.ts';
import { decodeRequest } from '../openai-responses/request.ts';
import { object, oneOf, plain } from '../read/readers.ts';

export const openaiInputTokens: Codec = {
  decodeRequest,
  decodeResponse: answersOf(object({ object: oneOf('response.input_tokens'), input_tokens: plain, error })),
  openStream: openNoStream,
  pinSystem,
  encode: errorsOnly(errorNaming('input')),
};
