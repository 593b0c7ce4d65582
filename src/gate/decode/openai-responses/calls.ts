// Calls by the model, of the application’s tools or of the provider’s, and what they come to.
import { findString, findValue, isNull, listLeaves, type JsonNode } from '../json/index.ts';
import type { Collector } from '../read/collector.ts';
import { describeCall } from '../read/call.ts';
import { named, type Place } from '../read/place.ts';
import { as, id, known, note, object, oneOf, type Fields, type Reader } from '../read/readers.ts';
import { callArguments } from '../read/tools.ts';

/** What becomes of the arguments of a call: it differs by when in a stream they are told. */
export type TakeArguments = (given: JsonNode | undefined, place: Place, out: Collector) => void;

/** A call that begins: its arguments are to come, and what stands here of them is no more than a sign of it. */
export const beginCall: TakeArguments = (given, place, out) => {
  if (given !== undefined) out.note(given);
  callArguments(undefined, place, out);
};

/** A call as a whole, in a stream that may have told it before. */
export const repeatCall: TakeArguments = (given, place, out) => {
  const text = given?.kind === 'string' ? given.value : ((given && out.bytesOf(given).toString()) ?? '');
  if (given !== undefined) out.countJudged(listLeaves(given).bytes);
  out.memory?.calls.addWhole(place, text);
  out.parts.push(describeCall('', place));
};

const status = oneOf(
  'in_progress',
  'completed',
  'incomplete',
  'searching',
  'interpreting',
  'generating',
  'calling',
  'failed',
);

export const itemFields: Fields = { type: known, id, status, created_by: note };

const caller = object({ type: oneOf('direct', 'program'), caller_id: id });

interface Called {
  /** The provider's tool, unless the item names one. */
  readonly tool?: string;
  /** Where its arguments stand. */
  readonly field: string;
  readonly more?: Fields;
}

export const call =
  ({ tool, field, more = {} }: Called): ((take: TakeArguments) => Reader) =>
  (take) => {
    const readFields = object({
      ...itemFields,
      call_id: id,
      name: note,
      namespace: note,
      caller,
      [field]: known,
      ...more,
    });
    return (node, place, out) => {
      const name = tool ?? findString(node, 'name');
      const callId = findString(node, 'call_id') ?? findString(node, 'id');
      if (callId !== undefined && name !== undefined) out.toolNames.set(callId, name);
      const there = named({ ...place, role: 'assistant', origin: 'assistant' }, name);
      readFields(node, there, out);
      const given = findValue(node, field);
      take(given === undefined || isNull(given) ? undefined : given, there, out);
    };
  };

export const answered = (read: Reader): Reader => as({ origin: 'tool', kind: 'tool_result' }, read);

/** An item that answers a call before it: `fields` hold the answer. */
export const answer = (fields: Fields, tool?: string): Reader => {
  const readFields = object({ ...itemFields, call_id: id, caller, ...fields });
  return (node, place, out) => {
    const callId = findString(node, 'call_id') ?? findString(node, 'id') ?? '';
    const there = { ...place, role: 'tool', origin: 'tool', kind: 'tool_result' } as const;
    readFields(node, named(there, tool ?? out.toolNames.get(callId)), out);
  };
};
