// A generateContent request as Google's SDKs send it in; the conversation it holds out.
import type { Conversation } from './model.ts';

interface Part {
  readonly text?: string;
  readonly functionResponse?: { readonly response?: unknown };
}

interface Content {
  readonly role?: string;
  readonly parts?: readonly Part[];
}

export interface GenerateRequest {
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content;
  readonly tools?: readonly {
    readonly functionDeclarations?: readonly {
      readonly name: string;
      readonly parameters?: unknown;
      readonly parametersJsonSchema?: unknown;
      /** As Google's Python SDK spells it, and its servers read it. */
      readonly parameters_json_schema?: unknown;
    }[];
  }[];
}

export function readContents(
  { contents, systemInstruction = {}, tools = [] }: GenerateRequest,
  received: number,
): Conversation {
  const latest = contents.slice(contents.findLastIndex(({ role }) => role === 'model') + 1);
  const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  return {
    system: textOf(systemInstruction),
    latest: latest.map(textOf).join('\n'),
    isToolResult: latest.some(({ parts = [] }) => parts.some((part) => part.functionResponse !== undefined)),
    tools: declared.map(({ name, parameters, parametersJsonSchema, parameters_json_schema: snakeCase }) => ({
      name,
      parameters: parameters ?? parametersJsonSchema ?? snakeCase,
    })),
    received,
  };
}

export const promptText = ({ contents, systemInstruction = {} }: GenerateRequest): string =>
  [systemInstruction, ...contents].map(textOf).join('\n');

const textOf = ({ parts = [] }: Content): string => parts.map(partText).join('\n');

const partText = ({ text, functionResponse }: Part): string =>
  text ?? (functionResponse === undefined ? '' : JSON.stringify(functionResponse.response ?? {}));
