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

/** What lies behind it is named at these places: kind of reference -> fields that lead there. */
const hostedOver =
  (kind: string, places: Readonly<Record<string, readonly (readonly string[])[]>>): Reader =>
  (node, _place, out) => {
    addHosted(kind, node, out);
    for (const [named, paths] of Object.entries(places))
      for (const value of paths.flatMap((path) => textsAt(node, path)))
        out.addReference(named, value, 'developer');
  };

function textsAt(node: JsonNode, path: readonly string[]): string[] {
  const found = path.reduce<readonly JsonNode[]>(
    (nodes, name) => nodes.flatMap((each) => repeatedOf(findField(each, name))),
    [node],
  );
  return found.flatMap((each) => (each.kind === 'string' ? [each.value] : []));
}

const RETRIEVAL = {
  datastore: [
    ['vertexAiSearch', 'datastore'],
    ['vertexAiSearch', 'engine'],
    ['vertexAiSearch', 'dataStoreSpecs', 'dataStore'],
  ],
  rag_corpus: [
    ['vertexRagStore', 'ragResources', 'ragCorpus'],
    ['vertexRagStore', 'ragCorpora'],
  ],
  tool_server: [['externalApi', 'endpoint']],
};

/** A tool that is not known is hosted as well. */
export const tool = proto(
  {
    functionDeclarations,
    mcpServers,
    fileSearch: hostedOver('file_search', { file_search_store: [['fileSearchStoreNames']] }),
    codeExecution: hosted('code_execution'),
    computerUse: hosted('computer_use'),
    googleSearch: hosted('google_search'),
    googleSearchRetrieval: hosted('google_search_retrieval'),
    googleMaps: hosted('google_maps'),
    urlContext: hosted('url_context'),
    enterpriseWebSearch: hosted('enterprise_web_search'),
    retrieval: hostedOver('retrieval', RETRIEVAL),
  },
  (member, out) => {
    addHosted(snakeOf(member.key.value), member.value, out);
    out.addUnknownField(member);
  },
);
