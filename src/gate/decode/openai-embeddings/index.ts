// OpenAI's embeddings, and every server that speaks them.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../openai/errors-only.ts';
import { pinNowhere } from '../openai/no-system.ts';
import { decodeRequest } from './request.ts';
import { decodeResponse } from './response.ts';

export const openaiEmbeddings: Codec = {
  decodeRequest,
  decodeResponse,
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly('input'),
};
