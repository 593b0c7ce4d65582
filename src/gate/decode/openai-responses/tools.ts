// Definitions of tools, the application’s and the provider’s.
import { findString, findValue, itemsOf, type JsonNode } from '../json/index.ts';
import type { Collector } from '../read/collector.ts';
import { named } from '../read/place.ts';
import { known, list, note, object, type Fields, type Reader } from '../read/readers.ts';
import { addTool } from '../read/tools.ts';

/** A tool of a type that is not known is hosted by the provider; the type is its name. */
const tool: Reader = (node, place, out) => {
  const type = findString(node, 'type') ?? 'function';
  if (type === 'namespace') return readNamespace(node, place, out);
  const kind = type === 'custom' ? 'function' : type;
  const name = findString(node, 'name') ?? findString(node, 'server_label') ?? type;
  addTool({ entry: node, core: node, name, kind, server: place.name }, out);
  addSources(node, out);
};

export const tools = list(tool);

/** What a server that the provider asked offers. */
export const listing = (fields: Fields): Reader => {
  const read = object({ ...fields, server_label: note, tools, error: note });
  return (node, place, out) => read(node, named(place, findString(node, 'server_label')), out);
};

const readNamespace = object({ type: known, name: note, description: note, tools });

/** What the provider's tools may read, by name: its text is judged with the definition. */
function addSources(node: JsonNode, out: Collector): void {
  const container = findValue(node, 'container');
  const files = container === undefined ? [] : itemsOf(findValue(container, 'file_ids'));
  addNames('file', files, out);
  addNames('vector_store', itemsOf(findValue(node, 'vector_store_ids')), out);
  addNames('container', container === undefined ? [] : [container], out);
}

function addNames(kind: string, nodes: readonly JsonNode[], out: Collector): void {
  for (const node of nodes) if (node.kind === 'string') out.addReference(kind, node.value, 'developer');
}
