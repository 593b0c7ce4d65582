// The body of a request for one of Cohere's chats in; what it says out.
import type { RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { toolCalls } from '../openai-chat/calls.ts';
import { limitsOf, tool, turnsOf } from '../openai-chat/request.ts';
import { documents } from '../read/documents.ts';
import { blocks, byKind, id, known, list, note, object, oneOf, plain, text } from '../read/readers.ts';
import { readRequest } from '../read/request.ts';
import type { TypedField } from '../read/typed.ts';
import { askedBlock, citation, document, plan } from './fields.ts';

const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string', isRequired: true },
  { name: 'messages', type: 'array', isRequired: true },
  { name: 'stream', type: 'boolean' },
  { name: 'max_tokens', type: 'count' },
];

const turn = object({
  role: oneOf('system', 'user', 'assistant', 'tool'),
  content: byKind({ string: text(), array: blocks(askedBlock) }),
  tool_calls: toolCalls,
  tool_call_id: id,
  tool_plan: plan,
  citations: list(citation),
});

const chat = object({
  model: note,
  stream: known,
  messages: turnsOf(turn),
  tools: list(tool),
  strict_tools: plain,
  tool_choice: oneOf('REQUIRED', 'NONE'),
  documents: documents(document),
  citation_options: object({ mode: oneOf('ENABLED', 'DISABLED', 'FAST', 'ACCURATE', 'OFF') }),
  response_format: note,
  safety_mode: oneOf('CONTEXTUAL', 'STRICT', 'OFF'),
  thinking: object({ type: oneOf('enabled', 'disabled'), token_budget: plain }),
  max_tokens: known,
  stop_sequences: list(note),
  temperature: plain,
  seed: plain,
  frequency_penalty: plain,
  presence_penalty: plain,
  k: plain,
  p: plain,
  logprobs: plain,
  priority: plain,
});

export const decodeRequest = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: () => chat, limitsOf }, asked);
