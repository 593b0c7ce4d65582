// The tokens behind an answer in; what they say out. They repeat the text, so they cannot be edited without it.
import { findValue, itemsOf, type JsonNode } from '../json/index.ts';
import { list, object, plain, known, type Reader } from '../read/readers.ts';

/** The tokens that were chosen, joined as they were said, and in another lane those that were not, a line each. */
export const logprobs: Reader = (node, place, out) => {
  const { chosen, others, bytes } = listTokens(node);
  out.countJudged(bytes);
  const add = (segment: string, text: string): void => {
    if (text !== '') out.parts.push({ ...place, lane: `${place.lane}.${segment}`, text, at: null });
  };
  add('logprobs', chosen.join(''));
  add('top_logprobs', others.join('\n'));
  shapeOfLogprobs(node, place, out);
};

const token = object({
  token: known,
  bytes: list(plain),
  logprob: plain,
  top_logprobs: list(object({ token: known, bytes: list(plain), logprob: plain })),
});

const shapeOfLogprobs = object({ content: list(token), refusal: list(token) });

interface Tokens {
  readonly chosen: string[];
  readonly others: string[];
  bytes: number;
}

function listTokens(node: JsonNode): Tokens {
  const tokens: Tokens = { chosen: [], others: [], bytes: 0 };
  for (const field of ['content', 'refusal']) {
    for (const item of itemsOf(findValue(node, field))) {
      takeToken(item, tokens, tokens.chosen);
      for (const other of itemsOf(findValue(item, 'top_logprobs'))) takeToken(other, tokens, tokens.others);
    }
  }
  return tokens;
}

function takeToken(node: JsonNode, tokens: Tokens, into: string[]): void {
  const value = findValue(node, 'token');
  if (value?.kind !== 'string') return;
  into.push(value.value);
  tokens.bytes += value.end - value.start;
}
