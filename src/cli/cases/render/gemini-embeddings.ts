// What is spoken in a case, as Gemini's embeddings have it: users' words and pictures, and vectors that say nothing.
import { contentOf } from './gemini.ts';
import { ONLY_ASKED, type Renderer } from './renderer.ts';

export const geminiEmbeddings: Renderer = {
  lacks: new Set(ONLY_ASKED),
  request: ({ turns, extra }) => ({
    requests: turns.map((turn, at) => ({ content: contentOf(turn, at, turns) })),
    ...extra,
  }),
  answer: ({ extra }) => ({ embeddings: [{ values: [0.6, -0.8] }], ...extra }),
  stream: () => [],
};
