// The tokens behind a candidate in; what they say out. They repeat the text, so they cannot be edited without it.
import type { JsonNode } from '../json/index.ts';
import { known, plain, type Reader } from '../read/readers.ts';
import { findField, proto, repeated, repeatedOf } from './proto.ts';

const weighed = proto({ token: known, tokenId: plain, logProbability: plain });

const shapeOfLogprobs = proto({
  chosenCandidates: repeated(weighed),
  topCandidates: repeated(proto({ candidates: repeated(weighed) })),
  logProbabilitySum: plain,
});

/** The tokens that were chosen, joined as they were said, and in another lane those that were not, a line each. */
export const logprobs: Reader = (node, place, out) => {
  const add = (segment: string, tokens: readonly JsonNode[], glue: string): void => {
    const said = tokens.flatMap((token) => (token.kind === 'string' ? [token] : []));
    for (const { start, end } of said) out.countJudged(end - start);
    const text = said.map(({ value }) => value).join(glue);
    if (text !== '') out.parts.push({ ...place, lane: `${place.lane}.${segment}`, text, at: null });
  };
  const others = repeatedOf(findField(node, 'topCandidates')).flatMap((step) => tokensOf(step, 'candidates'));
  add('logprobs', tokensOf(node, 'chosenCandidates'), '');
  add('top_logprobs', others, '\n');
  shapeOfLogprobs(node, place, out);
};

const tokensOf = (node: JsonNode, field: string): JsonNode[] =>
  repeatedOf(findField(node, field)).flatMap((item) => findField(item, 'token') ?? []);
