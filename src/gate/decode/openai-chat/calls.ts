// Tool calls of this dialect, whole as in a message or in fragments as in a stream.
import { findNumber, findString, findValue, type JsonNode } from '../json/index.ts';
import { named } from '../read/place.ts';
import { id, known, note, object, oneOf, plain, unlessNull, type Reader } from '../read/readers.ts';
import { callArguments } from '../read/tools.ts';

/** The part is the call, whether it has arguments or not; `field` holds them. */
function callee(field: string): Reader {
  const readFields = object({ name: note, [field]: known });
  return unlessNull((node, place, out) => {
    readFields(node, place, out);
    callArguments(findValue(node, field), place, out);
  });
}

const callFields = object({
  id,
  index: plain,
  type: oneOf('function', 'custom'),
  function: callee('arguments'),
  custom: callee('input'),
});

export const toolCalls: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'array') return out.addUnknown(node);
  for (const [position, item] of node.items.entries()) {
    const name = calledName(item);
    const callId = findString(item, 'id');
    if (callId !== undefined && name !== undefined) out.toolNames.set(callId, name);
    const lane = inChoice(place.lane, findNumber(item, 'index') ?? position);
    callFields(item, named({ ...place, lane }, name), out);
  }
});

const readFunctionCall = callee('arguments');

/** The deprecated way to call, one a message. Its lane cannot be that of a tool call. */
export const functionCall: Reader = (node, place, out) =>
  readFunctionCall(
    node,
    named({ ...place, lane: inChoice(place.lane, 'function') }, findString(node, 'name')),
    out,
  );

const inChoice = (lane: string, block: number | string): string =>
  `${lane.slice(0, lane.lastIndexOf('.'))}.${block}`;

function calledName(call: JsonNode): string | undefined {
  const called = findValue(call, 'function') ?? findValue(call, 'custom');
  return called === undefined ? undefined : findString(called, 'name');
}
