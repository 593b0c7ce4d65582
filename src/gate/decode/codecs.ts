// An operation or a provider in; who speaks its dialect out.
import type { Dialect, Operation, Provider } from '../../exchange/index.ts';
import { anthropicBatches, anthropicBatchResults } from './anthropic-batches/index.ts';
import { anthropicCountTokens } from './anthropic-count-tokens/index.ts';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { anthropicModels } from './anthropic-models/index.ts';
import { bedrockConverse } from './bedrock-converse/index.ts';
import { bedrockMessages } from './bedrock-messages/index.ts';
import type { Codec, Encoder } from './codec.ts';
import { cohereChat } from './cohere/index.ts';
import { geminiCountTokens } from './gemini-count-tokens/index.ts';
import { geminiEmbeddings } from './gemini-embeddings/index.ts';
import { geminiModels } from './gemini-models/index.ts';
import { gemini } from './gemini/index.ts';
import { mcp } from './mcp/index.ts';
import { mistralChat, mistralFim } from './mistral/index.ts';
import { ollamaChat, ollamaEmbed, ollamaFacts, ollamaGenerate } from './ollama/index.ts';
import { openaiBatches } from './openai-batches/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiCompletions } from './openai-completions/index.ts';
import { openaiEmbeddings } from './openai-embeddings/index.ts';
import { openaiImageEdits, openaiImages } from './openai-images/index.ts';
import { openaiSpeech, openaiTranscripts } from './openai-audio/index.ts';
import { openaiFileContent, openaiFiles } from './openai-files/index.ts';
import { openaiInputTokens } from './openai-input-tokens/index.ts';
import { openaiModels } from './openai-models/index.ts';
import { openaiModerations } from './openai-moderations/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

const CODECS: Readonly<Record<Dialect, Codec>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-input-tokens': openaiInputTokens,
  'openai-completions': openaiCompletions,
  'openai-embeddings': openaiEmbeddings,
  'openai-moderations': openaiModerations,
  'openai-images': openaiImages,
  'openai-image-edits': openaiImageEdits,
  'openai-speech': openaiSpeech,
  'openai-transcripts': openaiTranscripts,
  'openai-models': openaiModels,
  'openai-files': openaiFiles,
  'openai-file-content': openaiFileContent,
  'openai-batches': openaiBatches,
  'anthropic-messages': anthropicMessages,
  'anthropic-count-tokens': anthropicCountTokens,
  'anthropic-models': anthropicModels,
  'bedrock-converse': bedrockConverse,
  'bedrock-messages': bedrockMessages,
  'anthropic-batches': anthropicBatches,
  'anthropic-batch-results': anthropicBatchResults,
  mcp,
  gemini,
  'gemini-count-tokens': geminiCountTokens,
  'gemini-embeddings': geminiEmbeddings,
  'gemini-models': geminiModels,
  'ollama-chat': ollamaChat,
  'ollama-generate': ollamaGenerate,
  'ollama-embed': ollamaEmbed,
  'ollama-facts': ollamaFacts,
  'mistral-chat': mistralChat,
  'cohere-chat': cohereChat,
  'mistral-fim': mistralFim,
};

const ENCODERS: Readonly<Record<Provider, Encoder>> = {
  openai: openaiChat.encode,
  anthropic: anthropicMessages.encode,
  azure: openaiChat.encode,
  gemini: gemini.encode,
  vertex: gemini.encode,
  bedrock: bedrockConverse.encode,
  mcp: mcp.encode,
  ollama: ollamaChat.encode,
  mistral: mistralChat.encode,
  cohere: cohereChat.encode,
  'openai-compatible': openaiChat.encode,
};

export const codecOf = ({ dialect }: Pick<Operation, 'dialect'>): Codec => CODECS[dialect];

/** For refusals of requests whose operation was never found out. */
export const encoderOf = (provider: Provider): Encoder => ENCODERS[provider];
