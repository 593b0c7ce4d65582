// LangChain on OpenAI and Anthropic, as its agents call them.
import { ChatAnthropic } from '@langchain/anthropic';
import type { AIMessageChunk } from '@langchain/core/messages';
import { concat } from '@langchain/core/utils/stream';
import { ChatOpenAI } from '@langchain/openai';
import { KEY, SCHEMA, TOOL, type Heard, type HeardCall, type Question } from './question.ts';

const FUNCTION = { type: 'function' as const, function: { name: TOOL, parameters: SCHEMA } };

export const askLangchainOpenai = (question: Question): Promise<Heard> =>
  ask(
    new ChatOpenAI({
      model: 'gpt-4o',
      apiKey: KEY,
      configuration: { baseURL: `${question.base}/openai/v1` },
    }),
    question,
  );

export const askLangchainResponses = (question: Question): Promise<Heard> =>
  ask(
    new ChatOpenAI({
      model: 'gpt-5.1',
      apiKey: KEY,
      useResponsesApi: true,
      configuration: { baseURL: `${question.base}/openai/v1` },
    }),
    question,
  );

export const askLangchainAnthropic = (question: Question): Promise<Heard> =>
  ask(
    new ChatAnthropic({
      model: 'claude-sonnet-5-5',
      apiKey: KEY,
      anthropicApiUrl: `${question.base}/anthropic`,
      maxTokens: 500,
    }),
    question,
  );

async function ask(model: ChatOpenAI | ChatAnthropic, { prompt, stream, tool }: Question): Promise<Heard> {
  const bound = tool ? model.bindTools([FUNCTION]) : model;
  const said = stream ? await joined(await bound.stream(prompt)) : await bound.invoke(prompt);
  const { tool_calls: calls = [], invalid_tool_calls: cut = [], tool_call_chunks: chunks = [] } = said;
  return {
    text: said.text,
    finish: finishOf(said),
    calls: [
      ...calls.map(({ name, args }): HeardCall => [name, JSON.stringify(args)]),
      ...[...cut, ...(calls.length === 0 ? chunks : [])].map(({ name, args }): HeardCall => [
        name ?? '',
        args ?? '',
      ]),
    ],
  };
}

/** Each of its packages says it in a place of its own. */
function finishOf({ response_metadata: told, additional_kwargs: more }: AIMessageChunk): string {
  const { incomplete_details: incomplete } = told as { incomplete_details?: { reason: string } | null };
  const reason: unknown = told['finish_reason'] ?? told['stop_reason'] ?? more['stop_reason'];
  return String(reason ?? incomplete?.reason ?? told['status']);
}

async function joined(chunks: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let message: AIMessageChunk | undefined;
  for await (const chunk of chunks) message = message === undefined ? chunk : concat(message, chunk);
  if (message === undefined) throw new Error('nothing was said');
  return message;
}
