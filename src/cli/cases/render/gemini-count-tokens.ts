// What is spoken in a case, as Gemini counts it: asked like content that nobody will generate.
import { gemini } from './gemini.ts';
import { ONLY_COUNTED, type Renderer } from './renderer.ts';

export const geminiCountTokens: Renderer = {
  lacks: new Set([...gemini.lacks, ...ONLY_COUNTED]),
  request: (said) => gemini.request(said, false),
  answer: ({ extra }) => ({ totalTokens: 10, ...extra }),
  stream: () => [],
};
