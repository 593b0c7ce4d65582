// The tokens behind an answer in; what they say out. They repeat the text, so they cannot be edited without it.
import { findValue, itemsOf, type JsonNode } from '../json/index.ts';
import type { Collector } from './collector.ts';
import type { Place } from './place.ts';
import { known, list, object, plain } from './readers.ts';

export const token = object({
  token: known,
  bytes: list(plain),
  logprob: plain,
  top_logprobs: list(object({ token: known, bytes: list(plain), logprob: plain })),
});

interface Tokens {
  readonly chosen: string[];
  readonly others: string[];
  /** Of the literals that hold them. */
  bytes: number;
}

export function addTokens(items: readonly JsonNode[], place: Place, out: Collector): void {
  const tokens: Tokens = { chosen: [], others: [], bytes: 0 };
  for (const item of items) {
    takeToken(item, tokens, tokens.chosen);
    for (const other of itemsOf(findValue(item, 'top_logprobs'))) takeToken(other, tokens, tokens.others);
  }
  addTold(tokens, place, out);
}

/** The tokens that were chosen, joined as they were said, and in another lane those that were not, a line each. */
export function addTold(tokens: Readonly<Tokens>, place: Place, out: Collector): void {
  out.countJudged(tokens.bytes);
  const add = (segment: string, text: string): void => {
    if (text !== '') out.parts.push({ ...place, lane: `${place.lane}.${segment}`, text, at: null });
  };
  add('logprobs', tokens.chosen.join(''));
  add('top_logprobs', tokens.others.map((text) => `${text}\n`).join(''));
}

function takeToken(node: JsonNode, tokens: Tokens, into: string[]): void {
  const value = findValue(node, 'token');
  if (value?.kind !== 'string') return;
  into.push(value.value);
  tokens.bytes += value.end - value.start;
}
