// A responses request as OpenAI's SDKs send it in; the conversation it holds out.
import type { Conversation } from './model.ts';

interface ContentPart {
  readonly type: string;
  readonly text?: string;
}

interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly content?: string | readonly ContentPart[];
  /** Of a call's result. */
  readonly output?: string | readonly ContentPart[];
}

export interface ResponsesRequest {
  readonly model: string;
  readonly input: string | readonly Item[];
  readonly instructions?: string | null;
  readonly stream?: boolean;
  readonly tools?: readonly {
    readonly type: string;
    readonly name?: string;
    readonly parameters?: unknown;
  }[];
}

export function readResponses(request: ResponsesRequest, received: number): Conversation {
  const { instructions, tools = [] } = request;
  const items = itemsOf(request);
  const latest = items.slice(items.findLastIndex(isSpoken) + 1);
  return {
    system: [instructions ?? '', ...items.filter(isInstruction).map(textOf)].join('\n').trim(),
    latest: latest
      .filter((item) => !isInstruction(item))
      .map(textOf)
      .join('\n'),
    isToolResult: latest.some(({ output }) => output !== undefined),
    tools: tools.flatMap(({ name, parameters }) => (name === undefined ? [] : [{ name, parameters }])),
    received,
  };
}

export const promptText = (request: ResponsesRequest): string =>
  [request.instructions ?? '', ...itemsOf(request).map(textOf)].join('\n');

const itemsOf = ({ input }: ResponsesRequest): readonly Item[] =>
  typeof input === 'string' ? [{ role: 'user', content: input }] : input;

const isInstruction = ({ role }: Item): boolean => role === 'system' || role === 'developer';

const isSpoken = ({ role, type }: Item): boolean => role === 'assistant' || type === 'function_call';

function textOf({ content, output }: Item): string {
  const said = content ?? output ?? '';
  return typeof said === 'string' ? said : said.map(({ text }) => text ?? '').join('\n');
}
