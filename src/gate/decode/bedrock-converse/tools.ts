// Tools that are offered: the application's functions, and what the provider or the model runs itself.
import { findString, findValue, type JsonMember, type JsonNode } from '../json/index.ts';
import type { Collector } from '../read/collector.ts';
import { list, note, object, unlessNull, type Reader } from '../read/readers.ts';
import { addTool } from '../read/tools.ts';
import { cachePoint } from './blocks.ts';

/** One entry holds one tool; what kind of tool it is, its only field says. */
const tool: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'object') return out.addUnknown(node);
  for (const member of node.members) {
    if (member.key.value === 'cachePoint') cachePoint(member.value, place, out);
    else addOffered(node, member, out);
  }
});

/** Of a kind that is not known: hosted as well. */
function addOffered(entry: JsonNode, member: JsonMember, out: Collector): void {
  const { key, value: core } = member;
  const name = findString(core, 'name') ?? key.value;
  if (key.value === 'toolSpec') {
    const input = findValue(core, 'inputSchema');
    const schema = input === undefined ? undefined : findValue(input, 'json');
    return addTool({ entry, core, name, kind: 'function', schema }, out);
  }
  addTool({ entry, core, name, kind: name }, out);
  if (key.value !== 'systemTool') out.addUnknownField(member);
}

const toolChoice = object({ auto: object({}), any: object({}), tool: object({ name: note }) });

export const toolConfig = object({ tools: list(tool), toolChoice });
