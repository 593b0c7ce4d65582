// The bodies of requests for Mistral's chats and completions in the middle in; what they say out.
import type { RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { toolCalls } from '../openai-chat/calls.ts';
import { limitsOf, tool, turnsOf, TYPES } from '../openai-chat/request.ts';
import { suffix } from '../openai-completions/request.ts';
import { texts } from '../openai/texts.ts';
import { byKind, id, known, list, map, note, object, oneOf, plain, type Fields } from '../read/readers.ts';
import { readRequest } from '../read/request.ts';
import { content } from './content.ts';

/** `prefix` says that the answer goes on where this turn ends. */
const turn = object({
  role: oneOf('system', 'user', 'assistant', 'tool'),
  content,
  tool_calls: toolCalls,
  tool_call_id: id,
  name: note,
  prefix: plain,
});

const MAKING_TEXT: Fields = {
  model: note,
  stream: known,
  max_tokens: known,
  min_tokens: plain,
  temperature: plain,
  top_p: plain,
  random_seed: plain,
  stop: byKind({ string: note, array: list(note) }),
  metadata: map(note),
  prompt_cache_key: note,
};

const chat = object({
  ...MAKING_TEXT,
  messages: turnsOf(turn),
  tools: list(tool),
  tool_choice: byKind({ string: oneOf('none', 'auto', 'any', 'required'), object: note }),
  parallel_tool_calls: plain,
  n: known,
  top_k: plain,
  top_logprobs: known,
  logprobs: plain,
  prompt_logprobs: plain,
  top_prompt_logprobs: plain,
  presence_penalty: plain,
  frequency_penalty: plain,
  repetition_penalty: plain,
  reasoning_effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh'),
  prompt_mode: oneOf('reasoning'),
  safe_prompt: plain,
  guardrails: note,
  service_tier: note,
  response_format: note,
  prediction: note,
  document_image_limit: plain,
  document_page_limit: plain,
});

const fim = object({ ...MAKING_TEXT, prompt: texts('prompt'), suffix });

const FIM_TYPES = TYPES.filter(({ name }) => name !== 'messages');

export const decodeChat = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: () => chat, limitsOf }, asked);

export const decodeFim = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: FIM_TYPES, readerFor: () => fim, limitsOf }, asked);
