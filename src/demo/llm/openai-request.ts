// A chat completions request as OpenAI's SDKs send it in; the conversation it holds out.
import type { Conversation } from './model.ts';

interface ContentPart {
  readonly type: string;
  readonly text?: string;
}

interface ChatMessage {
  readonly role: string;
  readonly content?: string | readonly ContentPart[] | null;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly n?: number;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean; readonly include_obfuscation?: boolean };
  readonly tools?: readonly {
    readonly type: string;
    readonly function?: { name: string; parameters?: unknown };
  }[];
}

export function readChat({ messages, tools = [] }: ChatRequest, received: number): Conversation {
  const latest = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  const isInstruction = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';
  return {
    system: messages.filter(isInstruction).map(textOf).join('\n'),
    latest: latest
      .filter((message) => !isInstruction(message))
      .map(textOf)
      .join('\n'),
    isToolResult: latest.some(({ role }) => role === 'tool'),
    tools: tools.flatMap((tool) =>
      tool.function === undefined ? [] : [{ name: tool.function.name, parameters: tool.function.parameters }],
    ),
    received,
  };
}

export const promptText = ({ messages }: ChatRequest): string => messages.map(textOf).join('\n');

const textOf = ({ content }: ChatMessage): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('\n');
