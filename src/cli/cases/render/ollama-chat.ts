// What is spoken in a case, as Ollama's chat has it: line by line where it streams, calls whole.
import type { Call, OfferedTool, SpokenAnswer, SpokenRequest, Turn } from '../case.ts';
import type { Renderer, WireEvent } from './renderer.ts';

/** Pictures are sent, never named, and a case names them. */
export const ollamaChat: Renderer = {
  lacks: new Set(['developer', 'document', 'image', 'refusal', 'n']),
  request: ({ model, turns, tools, limits, extra }, stream) => ({
    model,
    messages: turns.map((turn, at) => writeTurn(turn, at, turns)),
    ...(tools.length === 0 ? {} : { tools: tools.map(writeTool) }),
    ...writeLimits(limits),
    stream,
    ...extra,
  }),
  answer: (said) => ({ ...lineOf(said, messageOf(said)), ...END, ...said.extra }),
  stream: (said, cut) => [
    ...cut(said.reasoning).map((thinking) => piece(said, { content: '', thinking })),
    ...cut(said.text).map((content) => piece(said, { content })),
    ...said.calls.map((call) => piece(said, { content: '', tool_calls: [writeCall(call)] })),
    { data: { ...lineOf(said, { content: '' }), ...END, ...said.extra } },
  ],
};

export const END = { done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 10 };

const lineOf = ({ model }: SpokenAnswer, message: object): object => ({
  model,
  created_at: '2026-01-01T00:00:00Z',
  message: { role: 'assistant', ...message },
  done: false,
});

const piece = (said: SpokenAnswer, message: object): WireEvent => ({ data: lineOf(said, message) });

const messageOf = ({ reasoning, text, calls }: SpokenAnswer): object => ({
  content: text,
  ...(reasoning === '' ? {} : { thinking: reasoning }),
  ...(calls.length === 0 ? {} : { tool_calls: calls.map(writeCall) }),
});

function writeTurn(turn: Turn, at: number, turns: readonly Turn[]): object {
  switch (turn.kind) {
    case 'call':
      return { role: 'assistant', content: '', tool_calls: [writeCall(turn)] };
    case 'result':
      return { role: 'tool', tool_name: calledBefore(turns, at), content: turn.text };
    default:
      return { role: turn.kind, content: 'text' in turn ? turn.text : '' };
  }
}

function calledBefore(turns: readonly Turn[], at: number): string {
  const call = turns.slice(0, at).findLast(({ kind }) => kind === 'call');
  return call?.kind === 'call' ? call.name : '';
}

const writeCall = ({ name, arguments: values }: Call): object => ({ function: { name, arguments: values } });

const writeTool = (tool: OfferedTool): object => ({ type: 'function', function: tool });

export const writeLimits = ({ max_output_tokens: most }: SpokenRequest['limits']): object =>
  most === undefined ? {} : { options: { num_predict: most } };
