// Cohere's chats.
import type { Codec } from '../codec.ts';
import { pinSystem } from '../openai-chat/pin-system.ts';
import { encode } from './encode.ts';
import { decodeRequest } from './request.ts';
import { decodeResponse } from './response.ts';
import { openStream } from './stream.ts';

export const cohereChat: Codec = { decodeRequest, decodeResponse, openStream, pinSystem, encode };
