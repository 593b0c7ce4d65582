// A messages request as Anthropic's SDKs send it in; the conversation it holds out.
import type { Conversation } from './model.ts';

interface Block {
  readonly type: string;
  readonly text?: string;
  /** Of a tool result. */
  readonly content?: string | readonly Block[];
  /** Of a document. */
  readonly source?: { readonly data?: string };
}

interface Message {
  readonly role: string;
  readonly content: string | readonly Block[];
}

export interface MessagesRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: readonly Message[];
  readonly system?: string | readonly Block[];
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name: string; readonly input_schema?: unknown }[];
}

export function readMessages(
  { messages, system = '', tools = [] }: MessagesRequest,
  received: number,
): Conversation {
  const latest = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  return {
    system: textOf(system),
    latest: latest.map(({ content }) => textOf(content)).join('\n'),
    isToolResult: latest.some(({ content }) => typeof content !== 'string' && content.some(isToolResult)),
    tools: tools.map(({ name, input_schema: parameters }) => ({ name, parameters })),
    received,
  };
}

export const promptText = ({ messages, system = '' }: MessagesRequest): string =>
  [textOf(system), ...messages.map(({ content }) => textOf(content))].join('\n');

const isToolResult = ({ type }: Block): boolean => type === 'tool_result';

const textOf = (content: string | readonly Block[]): string =>
  typeof content === 'string' ? content : content.map(blockText).join('\n');

const blockText = ({ text, content, source }: Block): string =>
  text ?? (content === undefined ? undefined : textOf(content)) ?? source?.data ?? '';
