// Azure's retrieval beside the turns: what is looked through in, named; and what was retrieved, as documents.
import { findString, findValue, itemsOf, type JsonNode } from '../json/index.ts';
import { byKind, list, note, object, plain, text, unlessNull, type Reader } from '../read/readers.ts';

/** Instructions of their own to the model. */
const INSTRUCTIONS = 'role_information';

const NAMES = new Set([
  'endpoint',
  'index_name',
  'database_name',
  'container_name',
  'collection_name',
  'environment',
  'app_name',
  'authentication',
  'embedding_dependency',
  'fields_mapping',
  'query_type',
  'semantic_configuration',
  'filter',
  'in_scope',
  'strictness',
  'top_n_documents',
  'max_search_queries',
  'allow_partial_result',
  'include_contexts',
  INSTRUCTIONS,
]);

/** How it is looked through is settings and credentials, which differ by type: all of them are judged as text. */
const parameters: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'object') return out.addUnknown(node);
  const instructions = text();
  for (const { key, value } of node.members) {
    if (!NAMES.has(key.value)) out.note(key);
    if (key.value === INSTRUCTIONS) instructions(value, place, out);
    else note(value, place, out);
  }
});

const source = object({ type: note, parameters });

/** Each is named by where it is, or by what it is where that has many names. */
export const dataSources: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'array') return out.addUnknown(node);
  for (const [index, item] of itemsOf(node).entries()) {
    out.addReference('data_source', nameOf(item), place.origin);
    const instructing = { turn: 0, role: 'system', origin: 'system', kind: 'text' } as const;
    source(item, { ...place, ...instructing, lane: `data_sources.${index}` }, out);
  }
});

const nameOf = (item: JsonNode): string => {
  const settings = findValue(item, 'parameters');
  const endpoint = settings === undefined ? undefined : findString(settings, 'endpoint');
  return endpoint ?? findString(item, 'type') ?? 'unknown';
};

const found = object({
  content: text(),
  title: text('text', 'title'),
  url: text('text', 'url'),
  filepath: text('text', 'filepath'),
  chunk_id: note,
  search_queries: list(note),
  data_source_index: plain,
  original_search_score: plain,
  rerank_score: plain,
  filter_reason: note,
});

/** Each is a lane of its own, in the words of whoever wrote it. */
const retrieved = (segment: string): Reader =>
  byKind({
    array: (node, place, out) => {
      for (const [index, item] of itemsOf(node).entries())
        found(item, { ...place, origin: 'document', lane: `${place.lane}.${segment}.${index}` }, out);
    },
  });

/** What an answer rests on. */
export const context: Reader = object({
  citations: retrieved('citations'),
  all_retrieved_documents: retrieved('documents'),
  intent: note,
});
