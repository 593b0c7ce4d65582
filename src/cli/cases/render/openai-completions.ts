// What is spoken in a case, as OpenAI's completions of prompts have it: users' words alone, and text that follows.
import type { SpokenAnswer } from '../case.ts';
import { ONLY_USERS, textsOf, type Renderer } from './renderer.ts';

export const openaiCompletions: Renderer = {
  lacks: new Set([...ONLY_USERS, 'image']),
  request: ({ model, turns, limits, extra }, stream) => ({
    model,
    prompt: textsOf(turns),
    ...(limits.max_output_tokens === undefined ? {} : { max_tokens: limits.max_output_tokens }),
    ...(limits.n === undefined ? {} : { n: limits.n }),
    ...(stream ? { stream } : {}),
    ...extra,
  }),
  answer: (said) => ({
    ...completionOf(said, said.text, 'stop'),
    usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
    ...said.extra,
  }),
  stream: (said, cut) => [
    ...cut(said.text).map((piece) => ({ data: completionOf(said, piece, null) })),
    { data: { ...completionOf(said, '', 'stop'), ...said.extra } },
    { data: '[DONE]' },
  ],
};

const completionOf = ({ model }: SpokenAnswer, text: string, finish: 'stop' | null): object => ({
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1,
  model,
  choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
});
