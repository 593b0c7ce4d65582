// What is spoken in a case, as Gemini's contents have it. The model, and whether it streams, stand in the path.
import type { Call, OfferedTool, SpokenAnswer, SpokenRequest, Turn } from '../case.ts';
import { callIdOf, countCalls, type Renderer, type WireEvent } from './renderer.ts';

export const gemini: Renderer = {
  lacks: new Set(['developer', 'document', 'refusal']),
  request: ({ turns, tools, limits, extra }) => ({
    ...writeSystem(turns),
    contents: turns.flatMap((turn, at) => (turn.kind === 'system' ? [] : [contentOf(turn, at, turns)])),
    ...(tools.length === 0 ? {} : { tools: [{ functionDeclarations: tools.map(writeTool) }] }),
    ...writeLimits(limits),
    ...extra,
  }),
  answer: (said) => ({
    ...chunkOf(said, partsOf(said), 'STOP'),
    usageMetadata: USAGE,
    ...said.extra,
  }),
  stream: (said, cut) => {
    const pieces = partsOf(said).flatMap((part): readonly AnswerPart[] =>
      'text' in part ? cut(part.text).map((text) => ({ ...part, text })) : [part],
    );
    return [
      ...pieces.map((part): WireEvent => ({ data: chunkOf(said, [part]) })),
      { data: { ...chunkOf(said, [], 'STOP'), usageMetadata: USAGE, ...said.extra } },
    ];
  },
};

const USAGE = { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 };

type AnswerPart = { readonly text: string; readonly thought?: true } | { readonly functionCall: object };

const partsOf = ({ reasoning, text, calls }: SpokenAnswer): readonly AnswerPart[] => [
  ...(reasoning === '' ? [] : [{ text: reasoning, thought: true } as const]),
  ...(text === '' ? [] : [{ text }]),
  ...calls.map(writeCall),
];

const chunkOf = ({ model }: SpokenAnswer, parts: readonly AnswerPart[], finishReason?: string): object => ({
  candidates: [
    {
      content: { role: 'model', parts },
      ...(finishReason === undefined ? {} : { finishReason }),
      index: 0,
    },
  ],
  modelVersion: model,
  responseId: 'response-1',
});

function writeSystem(turns: readonly Turn[]): object {
  const parts = turns.flatMap((turn) => (turn.kind === 'system' ? [{ text: turn.text }] : []));
  return parts.length === 0 ? {} : { systemInstruction: { parts } };
}

export function contentOf(turn: Turn, at: number, turns: readonly Turn[]): object {
  const calls = countCalls(turns, at);
  switch (turn.kind) {
    case 'image':
      return { role: 'user', parts: [writeImage(turn.url)] };
    case 'call':
      return { role: 'model', parts: [writeCall(turn, calls)] };
    case 'result':
      return { role: 'user', parts: [writeResult(turn.text, calls - 1, turns)] };
    case 'assistant':
      return { role: 'model', parts: [{ text: turn.text }] };
    default:
      return { role: turn.kind, parts: [{ text: turn.text }] };
  }
}

const DATA_URL = /^data:([^;,]+);base64,(.*)$/;

function writeImage(url: string): object {
  const [, mimeType, data] = DATA_URL.exec(url) ?? [];
  return data === undefined
    ? { fileData: { mimeType: 'image/png', fileUri: url } }
    : { inlineData: { mimeType, data } };
}

const writeCall = ({ name, arguments: args }: Call, index: number): AnswerPart => ({
  functionCall: { id: callIdOf(index), name, args },
});

function writeResult(output: string, index: number, turns: readonly Turn[]): object {
  const call = turns.filter(({ kind }) => kind === 'call')[index];
  const name = call?.kind === 'call' ? call.name : '';
  return { functionResponse: { id: callIdOf(index), name, response: { output } } };
}

const writeTool = ({ name, description, parameters }: OfferedTool): object => ({
  name,
  description,
  parameters,
});

function writeLimits({ max_output_tokens: most, n }: SpokenRequest['limits']): object {
  if (most === undefined && n === undefined) return {};
  const limits = { maxOutputTokens: most, candidateCount: n };
  return { generationConfig: limits };
}
