// The arguments of a tool call in; the part that policies judge out.
import type { Part } from '../../../exchange/index.ts';
import { listLeaves, parseNested, plainValue, type JsonNode } from '../json/index.ts';
import type { Place } from './place.ts';

/** Arguments that are not JSON are judged as they are. */
export function describeCall(given: JsonNode | string, place: Place): Part {
  const parsed = typeof given === 'string' ? parseNested(given) : given;
  const part = { ...place, lane: `${place.lane}.tool_call`, kind: 'tool_call', at: null } as const;
  if (parsed === null) return { ...part, text: typeof given === 'string' ? given : '' };
  return { ...part, text: listLeaves(parsed).lines.join('\n'), arguments: plainValue(parsed) };
}
