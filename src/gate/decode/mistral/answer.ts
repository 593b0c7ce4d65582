// Answers of Mistral's chats and of its completions in the middle, whole or in chunks, in; what they say out.
import { choice, choicesIn } from '../openai-chat/choices.ts';
import { toolCalls } from '../openai-chat/calls.ts';
import { identity } from '../openai-chat/fields.ts';
import { answersOf, flatError } from '../openai/answer.ts';
import { chunksOf } from '../openai/chunks.ts';
import { id, map, note, object, oneOf, plain, type Fields, type Reader } from '../read/readers.ts';
import { content, contentPiece } from './content.ts';

const said: Fields = {
  role: oneOf('assistant', 'tool'),
  tool_calls: toolCalls,
  tool_call_id: id,
  prefix: plain,
  index: plain,
  metadata: map(note),
};

const finishes: Fields = {
  finish_reason: oneOf('stop', 'length', 'model_length', 'error', 'tool_calls', 'content_filter'),
  prompt_logprobs: note,
};

/** Random by design; some answers have an id like OpenAI's. */
const answerId: Reader = (node, place, out) => {
  const isRandom = node.kind === 'string' && /^[0-9a-f]{32}$/.test(node.value);
  if (!isRandom) id(node, place, out);
};

const FIELDS: Fields = {
  ...identity,
  ...flatError,
  id: answerId,
  object: oneOf('chat.completion', 'chat.completion.chunk', 'error'),
};

const message = object({ ...said, content });
const delta = object({ ...said, content: contentPiece });

export const decodeResponse = answersOf(
  object({ ...FIELDS, choices: choicesIn('message', { ...choice, ...finishes, message }) }),
);

export const openStream = chunksOf(
  object({ ...FIELDS, choices: choicesIn('delta', { ...choice, ...finishes, delta }) }),
);
