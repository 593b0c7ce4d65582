// OpenAI's moderations: what is asked about is judged here as well.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { errorNaming } from '../openai/error.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeRequest } from './request.ts';
import { decodeResponse } from './response.ts';

export const openaiModerations: Codec = {
  decodeRequest,
  decodeResponse,
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly(errorNaming('input')),
};
