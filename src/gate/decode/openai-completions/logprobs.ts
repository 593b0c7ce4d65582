// The tokens behind a choice in; what they say out. Here the tokens that were not chosen are keys.
import { findValue, itemsOf, type JsonNode, type JsonString } from '../json/index.ts';
import { addTold } from '../read/logprobs.ts';
import { byKind, known, list, object, plain, unlessNull, type Reader } from '../read/readers.ts';

/** A key's own text is told with the others'. */
const weights: Reader = unlessNull((node, place, out) => {
  if (node.kind !== 'object') return out.addUnknown(node);
  for (const { value } of node.members) plain(value, place, out);
});

const shapeOfLogprobs = object({
  tokens: list(byKind({ string: known })),
  token_logprobs: list(plain),
  top_logprobs: list(weights),
  text_offset: list(plain),
});

export const logprobs: Reader = (node, place, out) => {
  const chosen = itemsOf(findValue(node, 'tokens')).filter(isString);
  const others = itemsOf(findValue(node, 'top_logprobs')).flatMap(keysOf);
  addTold(
    {
      chosen: chosen.map(({ value }) => value),
      others: others.map(({ value }) => value),
      bytes: [...chosen, ...others].reduce((sum, { start, end }) => sum + end - start, 0),
    },
    place,
    out,
  );
  shapeOfLogprobs(node, place, out);
};

const isString = (node: JsonNode): node is JsonString => node.kind === 'string';

const keysOf = (step: JsonNode): JsonString[] =>
  step.kind === 'object' ? step.members.map(({ key }) => key) : [];
