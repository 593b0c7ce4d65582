// Gemini's embeddings, of one content or of several.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { encode } from '../gemini/encode.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeRequest } from './request.ts';
import { decodeResponse } from './response.ts';

export const geminiEmbeddings: Codec = {
  decodeRequest,
  decodeResponse,
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly(encode.error),
};
