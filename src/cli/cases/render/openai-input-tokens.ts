// What is spoken in a case, as OpenAI counts it: asked like a response that nobody will write.
import { openaiResponses } from './openai-responses.ts';
import { ONLY_COUNTED, type Renderer } from './renderer.ts';

export const openaiInputTokens: Renderer = {
  lacks: new Set([...openaiResponses.lacks, ...ONLY_COUNTED, 'max_output_tokens']),
  request: (said) => openaiResponses.request(said, false),
  answer: ({ extra }) => ({ object: 'response.input_tokens', input_tokens: 10, ...extra }),
  stream: () => [],
};
