// OpenAI's images: what they are to show is judged, and what is said of them; pictures are opaque.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { errorNaming } from '../openai/error.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeRequest as decodeEdit } from './edits.ts';
import { decodeRequest } from './request.ts';
import { decodeResponse } from './response.ts';

export const openaiImages: Codec = {
  decodeRequest,
  decodeResponse,
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly(errorNaming('prompt')),
};

export const openaiImageEdits: Codec = { ...openaiImages, decodeRequest: decodeEdit };
