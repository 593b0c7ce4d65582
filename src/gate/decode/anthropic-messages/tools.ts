// Definitions of tools, in the request or within the conversation.
import { findString, findValue } from '../json/index.ts';
import { named } from '../read/place.ts';
import { known, list, note, object, unlessNull, type Fields, type Reader } from '../read/readers.ts';
import { addTool } from '../read/tools.ts';
import { cache_control } from './sources.ts';

/** `developer`: definitions that come within a conversation are offered like those of the request. */
export const tool: Reader = (node, place, out) => {
  const type = findString(node, 'type') ?? 'custom';
  const name = findString(node, 'name') ?? findString(node, 'mcp_server_name') ?? type;
  const kind = type === 'custom' ? 'function' : type;
  addTool({ entry: node, core: node, name, kind, server: place.name }, out);
};

const readListing = object({ type: known, mcp_server_name: note, tools: list(tool) });

/** What a server that the provider asked offers. */
export const listing: Reader = (node, place, out) =>
  readListing(node, named(place, findString(node, 'mcp_server_name')), out);

const readChange = object({ type: note, definition: known });

const toolChange: Reader = unlessNull((node, place, out) => {
  const definition = findValue(node, 'definition');
  if (definition === undefined) note(node, place, out);
  else {
    readChange(node, place, out);
    tool(definition, place, out);
  }
});

export const changed: Fields = { tool: toolChange, cache_control };
