// What is spoken in a case, as Ollama's embeddings have it: users' words alone, and vectors that say nothing.
import { ONLY_ASKED, textsOf, type Renderer } from './renderer.ts';

export const ollamaEmbed: Renderer = {
  lacks: new Set([...ONLY_ASKED, 'image']),
  request: ({ model, turns, extra }) => ({ model, input: textsOf(turns), ...extra }),
  answer: ({ model, extra }) => ({ model, embeddings: [[0.6, -0.8]], prompt_eval_count: 10, ...extra }),
  stream: () => [],
};
