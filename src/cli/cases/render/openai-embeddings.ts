// What is spoken in a case, as OpenAI's embeddings have it: users' words alone, and vectors that say nothing.
import { ONLY_ASKED, textsOf, type Renderer } from './renderer.ts';

export const openaiEmbeddings: Renderer = {
  lacks: new Set([...ONLY_ASKED, 'image']),
  request: ({ model, turns, extra }) => ({ model, input: textsOf(turns), ...extra }),
  answer: ({ model, extra }) => ({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [0.6, -0.8] }],
    model,
    usage: { prompt_tokens: 10, total_tokens: 10 },
    ...extra,
  }),
  stream: () => [],
};
