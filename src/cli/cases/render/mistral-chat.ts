// What is spoken in a case, as Mistral's chats have it: thoughts are chunks of the content.
import type { SpokenAnswer } from '../case.ts';
import { openaiChat, writeCall } from './openai-chat.ts';
import type { Cut, Renderer, WireEvent } from './renderer.ts';

export const mistralChat: Renderer = {
  lacks: new Set(['developer', 'document', 'refusal']),
  request: (said, stream) => {
    const { max_output_tokens: tokens, ...limits } = said.limits;
    const ceiling = tokens === undefined ? {} : { max_tokens: tokens };
    return openaiChat.request({ ...said, limits, extra: { ...ceiling, ...said.extra } }, stream);
  },
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
      data: {
        ...identityOf(said, CHUNK),
        choices: [{ index: 0, delta: { content: '' }, finish_reason: finishOf(said) }],
      },
    },
    { data: '[DONE]' },
  ],
};

const CHUNK = 'chat.completion.chunk';

const identityOf = ({ model }: SpokenAnswer, object: string): object => ({
  id: 'b7e9c1d2a3f4b5c6d7e8f90a1b2c3d4e',
  object,
  created: 1,
  model,
});

const finishOf = ({ calls }: SpokenAnswer): string => (calls.length > 0 ? 'tool_calls' : 'stop');

const think = (text: string): object => ({ type: 'thinking', thinking: [{ type: 'text', text }] });

const writeMessage = ({ reasoning, text, calls }: SpokenAnswer): object => ({
  role: 'assistant',
  content: reasoning === '' ? text : [think(reasoning), { type: 'text', text }],
  ...(calls.length === 0 ? {} : { tool_calls: calls.map(writeCall) }),
});

const chunk = (said: SpokenAnswer, delta: object, extra: object = {}): WireEvent => ({
  data: { ...identityOf(said, CHUNK), choices: [{ index: 0, delta, finish_reason: null }], ...extra },
});

/** Calls come whole, all in one event. */
const deltasOf = ({ reasoning, text, calls }: SpokenAnswer, cut: Cut): readonly object[] => [
  ...cut(reasoning).map((piece) => ({ content: [think(piece)] })),
  ...cut(text).map((content) => ({ content })),
  ...(calls.length === 0
    ? []
    : [{ tool_calls: calls.map((call, index) => ({ index, ...writeCall(call, index) })) }]),
];
