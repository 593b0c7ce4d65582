// A refusal in; the response object that says it out.
import type { Usage } from '../../../exchange/index.ts';

/** What a response is called by; `created_at` is 0 where nobody said: this room has no clock. */
export interface Identity {
  readonly id: string;
  readonly model: string;
  readonly [field: string]: unknown;
}

/** Every field that the SDKs' types promise. */
const EMPTY = {
  object: 'response',
  created_at: 0,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
};

export const begun = (identity: Identity): object => ({
  ...EMPTY,
  ...identity,
  status: 'in_progress',
  output: [],
});

/** What the provider's own filter makes of a response, so that clients know it. */
export const refused = (identity: Identity, output: readonly object[], usage: Usage): object => ({
  ...EMPTY,
  ...identity,
  status: 'incomplete',
  incomplete_details: { reason: 'content_filter' },
  output,
  usage: countsOf(usage),
});

export const REFUSAL_ID = 'msg_refused';

export const refusalPart = (refusal: string): { readonly type: 'refusal'; readonly refusal: string } => ({
  type: 'refusal',
  refusal,
});

export const refusalItem = (message: string): object => ({
  id: REFUSAL_ID,
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [refusalPart(message)],
});

const countsOf = ({ inputTokens = 0, outputTokens = 0 }: Usage): object => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: inputTokens + outputTokens,
});
