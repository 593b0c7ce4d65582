// OpenAI's completions of a prompt, older than its chats, and every server that speaks them.
import type { Codec } from '../codec.ts';
import { pinNowhere } from '../no-system.ts';
import { encode } from './encode.ts';
import { decodeRequest } from './request.ts';
import { decodeResponse, openStream } from './response.ts';

export const openaiCompletions: Codec = {
  decodeRequest,
  decodeResponse,
  openStream,
  pinSystem: pinNowhere,
  encode,
};
