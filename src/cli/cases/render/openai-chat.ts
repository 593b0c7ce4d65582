// What is spoken in a case, as OpenAI's chat completions have it.
import type { Call, OfferedTool, SpokenAnswer, SpokenRequest, Turn } from '../case.ts';
import { callIdOf, countCalls, type Cut, type Renderer, type WireEvent } from './renderer.ts';

export const openaiChat: Renderer = {
  lacks: new Set(['document']),
  request: ({ model, turns, tools, limits, extra }, stream) => ({
    model,
    messages: turns.map(writeTurn),
    ...(tools.length === 0 ? {} : { tools: tools.map(writeTool) }),
    ...writeLimits(limits),
    ...(stream ? { stream } : {}),
    ...extra,
  }),
  answer: (said) => ({
    ...identityOf(said, 'chat.completion'),
    choices: [{ index: 0, message: writeMessage(said), finish_reason: finishOf(said) }],
    usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
    ...said.extra,
  }),
  stream: (said, cut) => [
    chunk(said, { role: 'assistant', content: '' }, said.extra),
    ...deltasOf(said, cut).map((delta) => chunk(said, delta)),
    {
      data: { ...identityOf(said, CHUNK), choices: [{ index: 0, delta: {}, finish_reason: finishOf(said) }] },
    },
    { data: '[DONE]' },
  ],
};

const CHUNK = 'chat.completion.chunk';

const identityOf = ({ model }: SpokenAnswer, object: string): object => ({
  id: 'chatcmpl-1',
  object,
  created: 1,
  model,
});

const finishOf = ({ calls }: SpokenAnswer): string => (calls.length > 0 ? 'tool_calls' : 'stop');

function writeTurn(turn: Turn, at: number, turns: readonly Turn[]): object {
  const calls = countCalls(turns, at);
  switch (turn.kind) {
    case 'image':
      return { role: 'user', content: [{ type: 'image_url', image_url: { url: turn.url } }] };
    case 'call':
      return { role: 'assistant', content: null, tool_calls: [writeCall(turn, calls)] };
    case 'result':
      return { role: 'tool', tool_call_id: callIdOf(calls - 1), content: turn.text };
    default:
      return { role: turn.kind, content: turn.text };
  }
}

export const writeCall = ({ name, arguments: values }: Call, index: number): object => ({
  id: callIdOf(index),
  type: 'function',
  function: { name, arguments: JSON.stringify(values) },
});

const writeTool = (tool: OfferedTool): object => ({ type: 'function', function: tool });

const writeLimits = ({ max_output_tokens: tokens, n }: SpokenRequest['limits']): object => ({
  ...(tokens === undefined ? {} : { max_completion_tokens: tokens }),
  ...(n === undefined ? {} : { n }),
});

const writeMessage = ({ reasoning, text, refusal, calls }: SpokenAnswer): object => ({
  role: 'assistant',
  content: text === '' ? null : text,
  refusal: refusal === '' ? null : refusal,
  ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
  ...(calls.length === 0 ? {} : { tool_calls: calls.map(writeCall) }),
});

const chunk = (said: SpokenAnswer, delta: object, extra: object = {}): WireEvent => ({
  data: { ...identityOf(said, CHUNK), choices: [{ index: 0, delta, finish_reason: null }], ...extra },
});

const deltasOf = ({ reasoning, text, refusal, calls }: SpokenAnswer, cut: Cut): readonly object[] => [
  ...cut(reasoning).map((piece) => ({ reasoning_content: piece })),
  ...cut(text).map((piece) => ({ content: piece })),
  ...cut(refusal).map((piece) => ({ refusal: piece })),
  ...calls.flatMap((call, index) => callDeltas(call, index, cut)),
];

function callDeltas({ name, arguments: values }: Call, index: number, cut: Cut): readonly object[] {
  const begin = { index, id: callIdOf(index), type: 'function', function: { name, arguments: '' } };
  const pieces = cut(JSON.stringify(values)).map((piece) => ({ index, function: { arguments: piece } }));
  return [begin, ...pieces].map((call) => ({ tool_calls: [call] }));
}
