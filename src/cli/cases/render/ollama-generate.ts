// What is spoken in a case, as Ollama's generate has it: users' words alone, and text that follows.
import type { SpokenAnswer } from '../case.ts';
import { END, writeLimits } from './ollama-chat.ts';
import { ONLY_USERS, type Renderer } from './renderer.ts';

export const ollamaGenerate: Renderer = {
  lacks: new Set([...ONLY_USERS, 'image', 'n']),
  request: ({ model, turns, limits, extra }, stream) => ({
    model,
    prompt: turns.flatMap((turn) => (turn.kind === 'user' ? [turn.text] : [])).join('\n'),
    ...writeLimits(limits),
    stream,
    ...extra,
  }),
  answer: (said) => ({ ...lineOf(said, said.text), ...END, ...said.extra }),
  stream: (said, cut) => [
    ...cut(said.text).map((response) => ({ data: lineOf(said, response) })),
    { data: { ...lineOf(said, ''), ...END, ...said.extra } },
  ],
};

const lineOf = ({ model }: SpokenAnswer, response: string): object => ({
  model,
  created_at: '2026-01-01T00:00:00Z',
  response,
  done: false,
});
