// Tools that are offered and tools that are called: names, schemas and arguments to facts and text.
import { findString, findValue, listLeaves, type JsonNode } from '../json/index.ts';
import { describeCall } from './call.ts';
import type { Collector } from './collector.ts';
import { fingerprint, type Definition } from './fingerprint.ts';
import type { Place } from './place.ts';

/** The arguments of a call: an object, a string that holds one, or in a stream a fragment of that string. */
export function callArguments(node: JsonNode | undefined, place: Place, out: Collector): void {
  const calls = out.memory?.calls;
  if (node !== undefined) out.countJudged(listLeaves(node).bytes);
  const given = node?.kind === 'string' ? node.value : (node ?? '');
  if (calls === undefined) out.parts.push(describeCall(given, place));
  else {
    calls.add(place, typeof given === 'string' ? given : out.bytesOf(given).toString());
    out.parts.push(describeCall('', place));
  }
}

/** One part for the description, which can be edited, and one for every other text of the definition. */
export function addTool(definition: Definition, out: Collector): void {
  const { entry, core, name, server } = definition;
  const { origin = server === undefined ? 'developer' : 'tool' } = definition;
  out.tools.push(fingerprint(definition));
  const part = {
    turn: -1,
    role: '',
    origin,
    lane: 'tool_definition',
    kind: 'text',
    name,
  } as const;
  const description = findValue(core, 'description');
  if (description !== undefined) out.addLeaves([description], part);
  out.addLeaves(textsBeside(entry, core), part);
  for (const field of ['server_url', 'url']) {
    const address = findString(core, field);
    if (address !== undefined) out.addReference('tool_server', address, origin);
  }
}

/** Names of fields that every definition has say nothing; all other names are the caller's. */
const EXPECTED = new Set([
  'type',
  'function',
  'custom',
  'name',
  'parameters',
  'input_schema',
  'inputSchema',
  'strict',
  'cache_control',
]);

function textsBeside(entry: JsonNode, core: JsonNode): JsonNode[] {
  if (entry.kind !== 'object') return [entry];
  return entry.members.flatMap(({ key, value }) => {
    if (value === core) return textsBeside(core, core);
    const isRead = entry === core && key.value === 'description';
    if (isRead) return [];
    return EXPECTED.has(key.value) ? [value] : [key, value];
  });
}
