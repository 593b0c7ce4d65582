// What is spoken in a case, as OpenAI's moderations have it: users' words and pictures alone, and marks for them.
import type { Turn } from '../case.ts';
import { ONLY_ASKED, textsOf, type Renderer } from './renderer.ts';

export const openaiModerations: Renderer = {
  lacks: new Set(ONLY_ASKED),
  request: ({ model, turns, extra }) => ({ model, input: inputOf(turns), ...extra }),
  answer: ({ model, extra }) => ({
    id: 'modr-1',
    model,
    results: [{ flagged: false, categories: { violence: false }, category_scores: { violence: 0 } }],
    ...extra,
  }),
  stream: () => [],
};

const inputOf = (turns: readonly Turn[]): unknown =>
  turns.some(({ kind }) => kind === 'image') ? turns.flatMap(writeBlock) : textsOf(turns);

function writeBlock(turn: Turn): readonly object[] {
  if (turn.kind === 'image') return [{ type: 'image_url', image_url: { url: turn.url } }];
  return turn.kind === 'user' ? [{ type: 'text', text: turn.text }] : [];
}
