// A dialect in, who tells cases in it out.
import type { Dialect } from '../../../exchange/index.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { gemini } from './gemini.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiImages } from './openai-images.ts';
import { openaiModerations } from './openai-moderations.ts';
import { openaiResponses } from './openai-responses.ts';
import type { Renderer } from './renderer.ts';

export { wordsOfAnswer, wordsOfRequest } from './renderer.ts';
export type { Cut, Renderer, WireEvent, Word } from './renderer.ts';

export const RENDERERS: Readonly<Record<Dialect, Renderer>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'openai-embeddings': openaiEmbeddings,
  'openai-moderations': openaiModerations,
  'openai-images': openaiImages,
  'anthropic-messages': anthropicMessages,
  gemini,
};
