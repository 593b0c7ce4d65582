// What requests and answers of Ollama share: messages and calls of tools.
import { findString, findValue, type JsonNode } from '../json/index.ts';
import { inlined } from '../read/media.ts';
import { named } from '../read/place.ts';
import {
  blocks,
  id,
  known,
  note,
  object,
  oneOf,
  plain,
  text,
  unlessNull,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { callArguments } from '../read/tools.ts';

const callFields = object({
  id,
  type: oneOf('function'),
  function: object({ index: plain, name: note, description: note, arguments: known }),
});

/** Calls are whole wherever they stand. The place's lane names the block that came before them. */
const toolCalls: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'array') return out.addUnknown(node);
  const [choice = '0', before = '0'] = place.lane.split('.');
  for (const [index, call] of node.items.entries()) {
    const name = nameOf(call);
    const callId = findString(call, 'id');
    if (callId !== undefined && name !== undefined) out.toolNames.set(callId, name);
    callFields(call, place, out);
    const lane = `${choice}.${Number(before) + index + 1}`;
    callArguments(argumentsOf(call), named({ ...place, lane }, name), out);
  }
});

const functionOf = (call: JsonNode): JsonNode | undefined => findValue(call, 'function');

function nameOf(call: JsonNode): string | undefined {
  const called = functionOf(call);
  return called === undefined ? undefined : findString(called, 'name');
}

function argumentsOf(call: JsonNode): JsonNode | undefined {
  const called = functionOf(call);
  return called === undefined ? undefined : findValue(called, 'arguments');
}

export const images = blocks(inlined('image/*'));

/** Of everybody who speaks. */
export const spoken: Fields = {
  role: oneOf('system', 'user', 'assistant', 'tool'),
  content: text(),
  thinking: text('reasoning'),
  images,
  tool_calls: toolCalls,
  tool_name: note,
  tool_call_id: id,
};
