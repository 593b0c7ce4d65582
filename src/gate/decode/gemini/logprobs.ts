// The tokens behind a candidate in; what they say out. They repeat the text, so they cannot be edited without it.
import type { JsonNode, JsonString } from '../json/index.ts';
import { addTold } from '../read/logprobs.ts';
import { known, plain, type Reader } from '../read/readers.ts';
import { findField, proto, repeated, repeatedOf } from './proto.ts';

const weighed = proto({ token: known, tokenId: plain, logProbability: plain });

const shapeOfLogprobs = proto({
  chosenCandidates: repeated(weighed),
  topCandidates: repeated(proto({ candidates: repeated(weighed) })),
  logProbabilitySum: plain,
});

export const logprobs: Reader = (node, place, out) => {
  const chosen = tokensOf(node, 'chosenCandidates');
  const others = repeatedOf(findField(node, 'topCandidates')).flatMap((step) => tokensOf(step, 'candidates'));
  const bytes = [...chosen, ...others].reduce((sum, { start, end }) => sum + end - start, 0);
  addTold({ chosen: chosen.map(valueOf), others: others.map(valueOf), bytes }, place, out);
  shapeOfLogprobs(node, place, out);
};

const valueOf = ({ value }: JsonString): string => value;

const tokensOf = (node: JsonNode, field: string): JsonString[] =>
  repeatedOf(findField(node, field)).flatMap((item) => {
    const token = findField(item, 'token');
    return token?.kind === 'string' ? [token] : [];
  });
