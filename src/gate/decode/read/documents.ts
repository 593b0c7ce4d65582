// Documents that an application brings beside its turns: data, whoever put them there.
import type { Part } from '../../../exchange/index.ts';
import type { JsonNode } from '../json/index.ts';
import type { Collector } from './collector.ts';
import type { Place } from './place.ts';
import { byKind, plain, text, unlessNull, type Reader } from './readers.ts';

/** Each is a lane of its own. */
export const documents = (read: Reader): Reader =>
  unlessNull((node, place, out) => {
    if (node.kind !== 'array') return out.addUnknown(node);
    for (const [index, item] of node.items.entries())
      read(item, { ...place, origin: 'document', lane: `documents.${index}` }, out);
  });

/** Its text, or an object whose fields are texts; their names are the application's too. */
export const documentText: Reader = byKind({ string: text(), object: readFields });

function readFields(node: JsonNode, place: Place, out: Collector): void {
  if (node.kind !== 'object') return;
  for (const { key, value } of node.members) {
    out.addSealed(key, place, 'name');
    readField(value, place, out);
  }
}

const addLeaves: Reader = (node, place, out) => {
  const part: Omit<Part, 'text' | 'at'> = { ...place, lane: `${place.lane}.text` };
  out.addLeaves([node], part);
};

const readField = byKind({
  string: text(),
  number: plain,
  literal: plain,
  array: addLeaves,
  object: addLeaves,
});
