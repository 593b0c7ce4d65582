// The tokens behind a choice, of its text and of its refusal.
import { findValue, itemsOf } from '../json/index.ts';
import { addTokens, token } from '../read/logprobs.ts';
import { list, object, type Reader } from '../read/readers.ts';

const shapeOfLogprobs = object({ content: list(token), refusal: list(token) });

export const logprobs: Reader = (node, place, out) => {
  const items = ['content', 'refusal'].flatMap((field) => itemsOf(findValue(node, field)));
  addTokens(items, place, out);
  shapeOfLogprobs(node, place, out);
};
