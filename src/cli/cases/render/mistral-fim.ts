// What is spoken in a case, as Mistral's completions in the middle have it: users' words alone, and text that follows.
import { mistralChat } from './mistral-chat.ts';
import { ONLY_USERS, type Renderer } from './renderer.ts';

export const mistralFim: Renderer = {
  lacks: new Set([...ONLY_USERS, 'image', 'n']),
  request: ({ model, turns, limits, extra }, stream) => ({
    model,
    prompt: turns.flatMap((turn) => (turn.kind === 'user' ? [turn.text] : [])).join('\n'),
    ...(limits.max_output_tokens === undefined ? {} : { max_tokens: limits.max_output_tokens }),
    ...(stream ? { stream } : {}),
    ...extra,
  }),
  answer: (said) => mistralChat.answer(said),
  stream: (said, cut) => mistralChat.stream(said, cut),
};
