// The AI SDK on the providers' own packages: text whole and streamed, with a tool that it carries out by itself.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, streamText, tool as define, type LanguageModel } from 'ai';
import { KEY, SCHEMA, TOOL, type Heard, type HeardCall, type Question } from './question.ts';

const openai = ({ base }: Question) => createOpenAI({ baseURL: `${base}/openai/v1`, apiKey: KEY });

export const askAiChat = (question: Question): Promise<Heard> =>
  ask(openai(question).chat('gpt-4o'), question);

export const askAiResponses = (question: Question): Promise<Heard> =>
  ask(openai(question).responses('gpt-5.1'), question);

export const askAiAnthropic = (question: Question): Promise<Heard> =>
  ask(
    createAnthropic({ baseURL: `${question.base}/anthropic/v1`, apiKey: KEY })('claude-sonnet-5-5'),
    question,
  );

export const askAiGoogle = (question: Question): Promise<Heard> =>
  ask(createGoogle({ baseURL: `${question.base}/gemini/v1beta`, apiKey: KEY })('gemini-3-flash'), question);

async function ask(model: LanguageModel, { prompt, stream, tool }: Question): Promise<Heard> {
  const ran: HeardCall[] = [];
  const carryOut = (values: object): string => {
    ran.push([TOOL, JSON.stringify(values)]);
    return 'Done.';
  };
  const tools = { [TOOL]: define({ inputSchema: jsonSchema<object>(SCHEMA), execute: carryOut }) };
  const asked = { model, prompt, ...(tool ? { tools } : {}) };
  if (stream) return { ...(await hearStream(asked)), ran };
  const { text, finishReason: finish, toolCalls } = await generateText(asked);
  return {
    text,
    finish,
    calls: toolCalls.map(({ toolName, input }) => [toolName, JSON.stringify(input)]),
    ran,
  };
}

async function hearStream(asked: Parameters<typeof streamText>[0]): Promise<Heard> {
  let [text, finish] = ['', null as string | null];
  const calls: HeardCall[] = [];
  for await (const part of streamText({ ...asked, onError: () => undefined }).fullStream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'text-delta') text += part.text;
    if (part.type === 'tool-input-start') calls.push([part.toolName, '']);
    if (part.type === 'tool-call') calls.splice(-1, 1, [part.toolName, JSON.stringify(part.input)]);
    if (part.type === 'finish') finish = part.finishReason;
  }
  return { text, finish, calls };
}
