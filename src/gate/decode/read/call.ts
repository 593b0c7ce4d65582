// The arguments of a tool call in; the part that policies judge out.
import type { Part } from '../../../exchange/index.ts';
import { listLeaves, parseNested, plainValue, type JsonNode } from '../json/index.ts';
import type { Place } from './place.ts';

/** Arguments that are not JSON are judged as they are, and once more as a reader would have them who is less strict. */
export function describeCall(given: JsonNode | string, place: Place): Part {
  const parsed = typeof given === 'string' ? parseNested(given) : given;
  const part = { ...place, lane: `${place.lane}.tool_call`, kind: 'tool_call', at: null } as const;
  if (parsed === null) return { ...part, text: typeof given === 'string' ? withUnescaped(given) : '' };
  return { ...part, text: listLeaves(parsed).lines.join('\n'), arguments: plainValue(parsed) };
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/]))/g;

function withUnescaped(text: string): string {
  const unescaped = text.replaceAll(ESCAPE, (_, unit: string | undefined, plain: string | undefined) =>
    unit === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(unit, 16)),
  );
  return unescaped === text ? text : `${text}\n${unescaped.toWellFormed()}`;
}
