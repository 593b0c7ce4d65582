// Tools that are offered: the application's functions, and what the provider runs itself.
import { findString, type JsonNode } from '../json/index.ts';
import type { Collector } from '../read/collector.ts';
import type { Reader } from '../read/readers.ts';
import { addTool } from '../read/tools.ts';
import { findField, proto, repeatedOf, snakeOf } from './proto.ts';

const functionDeclarations: Reader = (node, _place, out) => {
  for (const entry of repeatedOf(node))
    addTool({ entry, core: entry, name: findString(entry, 'name') ?? 'function', kind: 'function' }, out);
};

const mcpServers: Reader = (node, _place, out) => {
  for (const entry of repeatedOf(node)) {
    const core = findField(entry, 'streamableHttpTransport') ?? entry;
    addTool({ entry, core, name: findString(entry, 'name') ?? 'mcp', kind: 'mcp' }, out);
  }
};

/** Its name is its kind. */
const addHosted = (kind: string, node: JsonNode, out: Collector): void =>
  addTool({ entry: node, core: node, name: kind, kind }, out);

const hosted =
  (kind: string): Reader =>
  (node, _place, out) =>
    addHosted(kind, node, out);

const fileSearch: Reader = (node, _place, out) => {
  addHosted('file_search', node, out);
  for (const store of repeatedOf(findField(node, 'fileSearchStoreNames')))
    if (store.kind === 'string') out.addReference('file_search_store', store.value, 'developer');
};

/** A tool that is not known is hosted as well. */
export const tool = proto(
  {
    functionDeclarations,
    mcpServers,
    fileSearch,
    codeExecution: hosted('code_execution'),
    computerUse: hosted('computer_use'),
    googleSearch: hosted('google_search'),
    googleSearchRetrieval: hosted('google_search_retrieval'),
    googleMaps: hosted('google_maps'),
    urlContext: hosted('url_context'),
    enterpriseWebSearch: hosted('enterprise_web_search'),
    retrieval: hosted('retrieval'),
  },
  (member, out) => {
    addHosted(snakeOf(member.key.value), member.value, out);
    out.addUnknownField(member);
  },
);
