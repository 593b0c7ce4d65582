// A converse request as AWS's SDKs send it in; the conversation it holds out.
import type { Conversation } from './model.ts';

interface Block {
  readonly text?: string;
  readonly document?: { readonly source?: { readonly text?: string; readonly bytes?: string } };
  readonly toolResult?: {
    readonly content?: readonly { readonly text?: string; readonly json?: unknown }[];
  };
}

interface Message {
  readonly role: string;
  readonly content: readonly Block[];
}

export interface ConverseRequest {
  readonly messages: readonly Message[];
  readonly system?: readonly Block[];
  readonly toolConfig?: {
    readonly tools?: readonly {
      readonly toolSpec?: { readonly name: string; readonly inputSchema?: { readonly json?: unknown } };
    }[];
  };
}

export function readConverse(
  { messages, system = [], toolConfig = {} }: ConverseRequest,
  received: number,
): Conversation {
  const latest = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  const specs = (toolConfig.tools ?? []).flatMap(({ toolSpec }) =>
    toolSpec === undefined ? [] : [toolSpec],
  );
  return {
    system: textOf(system),
    latest: latest.map(({ content }) => textOf(content)).join('\n'),
    isToolResult: latest.some(({ content }) => content.some(({ toolResult }) => toolResult !== undefined)),
    tools: specs.map(({ name, inputSchema }) => ({ name, parameters: inputSchema?.json })),
    received,
  };
}

export const promptText = ({ messages, system = [] }: ConverseRequest): string =>
  [system, ...messages.map(({ content }) => content)].map(textOf).join('\n');

const textOf = (blocks: readonly Block[]): string => blocks.map(blockText).join('\n');

function blockText({ text, document, toolResult }: Block): string {
  if (text !== undefined) return text;
  const { text: written, bytes = '' } = document?.source ?? {};
  const results = (toolResult?.content ?? []).map((item) => item.text ?? JSON.stringify(item.json ?? ''));
  return [written ?? Buffer.from(bytes, 'base64').toString(), ...results].join('\n');
}
