// A dialect in, who tells cases in it out.
import type { Dialect } from '../../../exchange/index.ts';
import { anthropicCountTokens } from './anthropic-count-tokens.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { geminiCountTokens } from './gemini-count-tokens.ts';
import { geminiEmbeddings } from './gemini-embeddings.ts';
import { gemini } from './gemini.ts';
import { mistralChat } from './mistral-chat.ts';
import { mistralFim } from './mistral-fim.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiImages } from './openai-images.ts';
import { openaiInputTokens } from './openai-input-tokens.ts';
import { openaiModerations } from './openai-moderations.ts';
import { openaiResponses } from './openai-responses.ts';
import { ollamaChat } from './ollama-chat.ts';
import { ollamaEmbed } from './ollama-embed.ts';
import { ollamaGenerate } from './ollama-generate.ts';
import type { Renderer } from './renderer.ts';

export { wordsOfAnswer, wordsOfRequest } from './renderer.ts';
export type { Cut, Renderer, WireEvent, Word } from './renderer.ts';

/** Of every dialect in which something is said to a model; files and the like say nothing themselves. */
export const RENDERERS = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-input-tokens': openaiInputTokens,
  'openai-completions': openaiCompletions,
  'openai-embeddings': openaiEmbeddings,
  'openai-moderations': openaiModerations,
  'openai-images': openaiImages,
  'anthropic-messages': anthropicMessages,
  'anthropic-count-tokens': anthropicCountTokens,
  gemini,
  'gemini-count-tokens': geminiCountTokens,
  'gemini-embeddings': geminiEmbeddings,
  'bedrock-converse': bedrockConverse,
  'mistral-chat': mistralChat,
  'mistral-fim': mistralFim,
  'ollama-chat': ollamaChat,
  'ollama-generate': ollamaGenerate,
  'ollama-embed': ollamaEmbed,
} as const satisfies Partial<Record<Dialect, Renderer>>;

type ToldDialect = keyof typeof RENDERERS;

const isToldIn = (dialect: Dialect): dialect is ToldDialect => Object.hasOwn(RENDERERS, dialect);

export const findRenderer = (dialect: Dialect): Renderer | null =>
  isToldIn(dialect) ? RENDERERS[dialect] : null;

/** @throws Error in a dialect that tells no cases. */
export function rendererOf(dialect: Dialect): Renderer {
  const renderer = findRenderer(dialect);
  if (renderer === null) throw new Error(`No case is told in ${dialect}.`);
  return renderer;
}
