// Speaks through the real Node SDKs: a question as a line of JSON in, what its SDK made of the answer as a line out.
import { createInterface } from 'node:readline';
import { askAiAnthropic, askAiChat, askAiGoogle, askAiResponses } from './ai-sdk.ts';
import { askMessages, askMessagesTools } from './anthropic.ts';
import { askConverse } from './bedrock.ts';
import { askGemini, askGeminiTools, askVertex } from './google.ts';
import { askLangchainAnthropic, askLangchainOpenai, askLangchainResponses } from './langchain.ts';
import { askOllama } from './ollama.ts';
import { askChat, askChatHelper, askChatTools, askResponses, askResponsesHelper } from './openai.ts';
import type { Heard, Question } from './question.ts';

const SDKS: Readonly<Record<string, (question: Question) => Promise<Heard>>> = {
  'openai chat': askChat,
  'openai chat helper': askChatHelper,
  'openai chat tools': askChatTools,
  'openai responses': askResponses,
  'openai responses helper': askResponsesHelper,
  '@anthropic-ai/sdk': askMessages,
  '@anthropic-ai/sdk tools': askMessagesTools,
  '@google/genai': askGemini,
  '@google/genai tools': askGeminiTools,
  '@google/genai on Vertex': askVertex,
  'ai on openai chat': askAiChat,
  'ai on openai responses': askAiResponses,
  'ai on anthropic': askAiAnthropic,
  'ai on google': askAiGoogle,
  '@langchain/openai chat': askLangchainOpenai,
  '@langchain/openai responses': askLangchainResponses,
  '@langchain/anthropic': askLangchainAnthropic,
  '@aws-sdk/client-bedrock-runtime': askConverse,
  ollama: askOllama,
};

/** What users' code would catch is what the tests ask about. */
function heardError(thrown: unknown): Heard {
  const error = thrown as Error & Record<string, unknown>;
  return {
    error: {
      class: error.name === 'Error' ? error.constructor.name : error.name,
      status:
        (error['$metadata'] as { httpStatusCode?: number } | undefined)?.httpStatusCode ??
        error['status'] ??
        error['statusCode'] ??
        error['status_code'],
      message: error.message,
    },
  };
}

const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);

say({ ready: Object.keys(SDKS) });
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Question;
  say(await SDKS[question.sdk]!(question).catch(heardError));
}
