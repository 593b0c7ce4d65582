// Ollama's own API: chat and generate, streamed line by line unless told not to; embeddings; and what the server says of itself.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { pinSystem as pinInMessages } from '../openai-chat/pin-system.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeNothing } from '../read/request.ts';
import { encoderOf, error, sayGenerated, sayInChat } from './encode.ts';
import { pinSystem } from './pin-system.ts';
import { decodeChat, decodeEmbed, decodeGenerate } from './request.ts';
import {
  chat,
  decodeChatAnswer,
  decodeEmbeddings,
  decodeFacts,
  decodeGenerated,
  generate,
} from './response.ts';
import { openStreamOf } from './stream.ts';

export const ollamaChat: Codec = {
  decodeRequest: decodeChat,
  decodeResponse: decodeChatAnswer,
  openStream: openStreamOf(chat),
  pinSystem: pinInMessages,
  encode: encoderOf(sayInChat),
};

export const ollamaGenerate: Codec = {
  decodeRequest: decodeGenerate,
  decodeResponse: decodeGenerated,
  openStream: openStreamOf(generate),
  pinSystem,
  encode: encoderOf(sayGenerated),
};

const wordless = { openStream: openNoStream, pinSystem: pinNowhere, encode: errorsOnly(error) };

export const ollamaEmbed: Codec = {
  ...wordless,
  decodeRequest: decodeEmbed,
  decodeResponse: decodeEmbeddings,
};

export const ollamaFacts: Codec = { ...wordless, decodeRequest: decodeNothing, decodeResponse: decodeFacts };
