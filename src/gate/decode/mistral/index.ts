// Mistral's chats, and its completions of what stands before a gap and behind it.
import type { Codec } from '../codec.ts';
import { pinNowhere } from '../no-system.ts';
import { encoderOf } from '../openai-chat/encode.ts';
import { pinSystem } from '../openai-chat/pin-system.ts';
import { decodeResponse, openStream } from './answer.ts';
import { decodeChat, decodeFim } from './request.ts';

/** There is no field for a refusal: the message is text where none was seen, and is left out behind a text that was cut. */
const encode = encoderOf({
  whole: (content) => ({ content }),
  piece: (message, hasSpoken) => ({ content: hasSpoken ? '' : message }),
});

const answering = { decodeResponse, openStream, encode } as const;

export const mistralChat: Codec = { ...answering, decodeRequest: decodeChat, pinSystem };
export const mistralFim: Codec = { ...answering, decodeRequest: decodeFim, pinSystem: pinNowhere };
