// What is spoken in a case, as Anthropic counts it: asked like a message that nobody will answer.
import { anthropicMessages, conversationOf } from './anthropic-messages.ts';
import { ONLY_COUNTED, type Renderer } from './renderer.ts';

export const anthropicCountTokens: Renderer = {
  lacks: new Set([...anthropicMessages.lacks, ...ONLY_COUNTED, 'max_output_tokens']),
  request: conversationOf,
  answer: ({ extra }) => ({ input_tokens: 10, ...extra }),
  stream: () => [],
};
