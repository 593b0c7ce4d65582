// What Cohere's messages are made of: texts, thoughts, documents, and citations that say where a text comes from.
import { documentText } from '../read/documents.ts';
import { url } from '../read/media.ts';
import {
  as,
  byKind,
  list,
  note,
  object,
  oneOf,
  plain,
  tagged,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';

/** Whatever it holds is data, whoever brought it. */
export const document: Reader = as(
  { origin: 'document' },
  byKind({ string: text(), object: object({ id: note, data: documentText }) }),
);

/** Leaves of what a tool gave, or of a document: said by neither side. */
const evidence: Reader = (node, place, out) =>
  out.addLeaves([node], { ...place, origin: 'document', lane: `${place.lane}.source` });

export const citation: Reader = object({
  start: plain,
  end: plain,
  content_index: plain,
  type: oneOf('TEXT_CONTENT', 'THINKING_CONTENT', 'PLAN'),
  text: text('text', 'citation'),
  sources: list(
    tagged({
      tool: { id: note, tool_output: evidence },
      document: { id: note, document: evidence },
    }),
  ),
});

const spoken: Readonly<Record<string, Fields>> = {
  text: { text: text() },
  thinking: { thinking: text('reasoning') },
};

export const answeredBlock = tagged(spoken);

export const askedBlock = tagged({
  ...spoken,
  image_url: { image_url: object({ url: url('image_url'), detail: oneOf('auto', 'low', 'high') }) },
  document: { document },
});

export const plan = text('reasoning', 'tool_plan');

/** Random by design. */
export const answerId: Reader = (node, place, out) => {
  const isRandom = node.kind === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(node.value);
  if (!isRandom) note(node, place, out);
};

export const reason = oneOf('COMPLETE', 'STOP_SEQUENCE', 'MAX_TOKENS', 'TOOL_CALL', 'ERROR', 'TIMEOUT');

export const logprob = object({
  text: text('text', 'logprobs'),
  token_ids: list(plain),
  logprobs: list(plain),
});
