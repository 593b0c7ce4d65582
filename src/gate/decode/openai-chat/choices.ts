// The choices of an answer or of a chunk: who speaks, in which lane, and why it ended.
import { findString, findValue, itemsOf, type JsonNode } from '../json/index.ts';
import { choiceIndex, error } from '../openai/answer.ts';
import { base64 } from '../read/media.ts';
import {
  counts,
  id,
  list,
  note,
  object,
  oneOf,
  plain,
  text,
  unlessNull,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { functionCall, toolCalls } from './calls.ts';
import { spoken } from './fields.ts';
import { logprobs } from './logprobs.ts';

const said = object({
  ...spoken,
  tool_calls: toolCalls,
  function_call: functionCall,
  audio: base64({ id, expires_at: plain, transcript: text('text', 'transcript') }, () => 'audio/*'),
});

/** From `stop_reason` on it is what filters and other servers add. */
export const choice: Fields = {
  index: plain,
  logprobs,
  finish_reason: oneOf('stop', 'length', 'tool_calls', 'content_filter', 'function_call'),
  stop_reason: note,
  token_ids: list(plain),
  content_filter_results: note,
  end_turn: plain,
  content_filter_offsets: counts(),
  native_finish_reason: note,
  error,
};

/** A whole answer is read in `message`, a piece of one in `delta`; the other is nobody's, and would only cut its text. */
export function choicesIn(field: 'message' | 'delta', fields: Fields = { ...choice, [field]: said }): Reader {
  const read = object(fields);
  return unlessNull((node, place, out) => {
    if (node.kind !== 'array') return out.addUnknown(node);
    for (const [position, item] of node.items.entries()) {
      const role = spokenRole(item) ?? 'assistant';
      read(item, { ...place, role, lane: `${choiceIndex(item, position)}.0` }, out);
    }
  });
}

function spokenRole(item: JsonNode): string | undefined {
  const message = findValue(item, 'message') ?? findValue(item, 'delta');
  return message === undefined ? undefined : findString(message, 'role');
}

interface Speaker {
  readonly choice: number;
  /** Streams say it once. */
  readonly role: string | undefined;
}

export const listSpeakers = (answer: JsonNode): Speaker[] =>
  itemsOf(findValue(answer, 'choices')).map((item, position) => ({
    choice: choiceIndex(item, position),
    role: spokenRole(item),
  }));
