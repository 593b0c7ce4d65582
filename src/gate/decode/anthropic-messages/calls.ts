// Calls by the model, of the application’s tools or of the provider’s.
import { findString, findValue } from '../json/index.ts';
import { named } from '../read/place.ts';
import { id, known, note, object, oneOf, type Reader } from '../read/readers.ts';
import { callArguments } from '../read/tools.ts';
import { cache_control } from './sources.ts';

export const caller = object({
  type: oneOf('direct', 'code_execution_20250825', 'code_execution_20260120', 'code_execution_20260521'),
  tool_id: id,
});

const callFields = object({
  type: known,
  id,
  name: note,
  input: known,
  server_name: note,
  toolset_name: note,
  caller,
  cache_control,
});

/** A call by the model, of the application's tools or of the provider's. */
export const toolUse: Reader = (node, place, out) => {
  const name = findString(node, 'name');
  const callId = findString(node, 'id');
  if (callId !== undefined && name !== undefined) out.toolNames.set(callId, name);
  callFields(node, place, out);
  const input = findValue(node, 'input');
  // In a stream the input follows in fragments, and stands here empty.
  const isToCome = out.memory !== null && input?.kind === 'object' && input.members.length === 0;
  callArguments(isToCome ? undefined : input, named(place, name), out);
};
