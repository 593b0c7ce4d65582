// The candidates of an answer or of a chunk: who speaks, in which lane, and why it ended.
import { findString, type JsonNode } from '../json/index.ts';
import type { Place } from '../read/place.ts';
import { count, note, opaque, oneOf, plain, type Reader } from '../read/readers.ts';
import { citationMetadata, groundingMetadata, urlContextMetadata } from './grounding.ts';
import { logprobs } from './logprobs.ts';
import { parts } from './parts.ts';
import { findCount, findField, proto, repeated, repeatedOf, word } from './proto.ts';

/** Clients join the texts of all parts, and of all chunks; what else there is stands for itself. */
const laneOf = ({ lane }: Place, index: number, isText: boolean): string => {
  const [candidate = '0', first = '0'] = lane.split('.');
  return `${candidate}.${isText ? 0 : Number(first) + index + 1}`;
};

export const safetyRatings = repeated(
  proto({
    category: word('HARM_CATEGORY_'),
    probability: word(''),
    probabilityScore: plain,
    severity: word('HARM_SEVERITY_'),
    severityScore: plain,
    blocked: plain,
    overwrittenThreshold: word(''),
  }),
);

/** Beside the text: in its own block, so that lanes of the same name are joined over chunks. */
const beside =
  (read: Reader): Reader =>
  (node, place, out) =>
    read(node, { ...place, lane: laneOf(place, 0, true) }, out);

const candidate = proto({
  index: count,
  content: proto({ role: oneOf('model', 'user'), parts: parts(laneOf) }),
  finishReason: word(''),
  finishMessage: note,
  safetyRatings,
  citationMetadata: beside(citationMetadata),
  groundingMetadata: beside(groundingMetadata),
  urlContextMetadata: beside(urlContextMetadata),
  groundingAttributions: note,
  logprobsResult: beside(logprobs),
  avgLogprobs: plain,
  tokenCount: plain,
  continuationToken: opaque,
});

/** The place's lane is the block that comes before this event's. */
export const candidates: Reader = (node, place, out) => {
  for (const [position, item] of repeatedOf(node).entries()) {
    const content = findField(item, 'content');
    const role = (content === undefined ? undefined : findString(content, 'role')) ?? 'model';
    candidate(item, { ...place, role, lane: `${indexOf(item, position)}.${place.lane}` }, out);
  }
};

/** Where it says it stands; the first does not say. */
const indexOf = (item: JsonNode, position: number): number => findCount(item, 'index') ?? position;

export const listFinishes = (answer: JsonNode): string[] =>
  repeatedOf(findField(answer, 'candidates')).flatMap((item) => wordOf(findField(item, 'finishReason')));

/** A reason may be told by its number. */
function wordOf(node: JsonNode | undefined): string[] {
  if (node?.kind === 'string') return [node.value];
  return node?.kind === 'number' ? [node.raw] : [];
}

export const listIndexes = (answer: JsonNode): number[] =>
  repeatedOf(findField(answer, 'candidates')).map(indexOf);

/** Of the candidate that has most. */
export const countParts = (answer: JsonNode): number =>
  Math.max(0, ...repeatedOf(findField(answer, 'candidates')).map(partsOf));

function partsOf(item: JsonNode): number {
  const content = findField(item, 'content');
  return content === undefined ? 0 : repeatedOf(findField(content, 'parts')).length;
}
