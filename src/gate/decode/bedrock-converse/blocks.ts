// The blocks of which messages are made, asked and answered alike. A block is what its one field is called.
import { findString, findValue } from '../json/index.ts';
import { named, type Place } from '../read/place.ts';
import {
  blocks,
  id,
  known,
  list,
  note,
  object,
  oneOf,
  opaque,
  plain,
  sealed,
  text,
  unlessNull,
  type Reader,
} from '../read/readers.ts';
import { callArguments } from '../read/tools.ts';
import { document, searchResult } from './documents.ts';
import { audio, image, video } from './media.ts';

export const cachePoint = object({ type: oneOf('default'), ttl: oneOf('5m', '1h') });

const QUALIFIERS = ['grounding_source', 'query', 'guard_content'] as const;

/** Marked for the provider's own guardrail; without the marks it is like any other. */
export const guardContent = object({
  text: object({ text: text(), qualifiers: list(oneOf(...QUALIFIERS)) }),
  image,
});

const quoted = text('text', 'citation');

const span = object({ documentIndex: plain, searchResultIndex: plain, start: plain, end: plain });

export const citation = object({
  title: quoted,
  source: quoted,
  sourceContent: list(object({ text: quoted })),
  location: object({
    web: object({ url: quoted, domain: quoted }),
    documentChar: span,
    documentPage: span,
    documentChunk: span,
    searchResultLocation: span,
  }),
});

/** Any JSON: one text can be edited; all others are one part, which cannot. */
const data: Reader = unlessNull((node, place, out) =>
  out.addLeaves([node], { ...place, lane: `${place.lane}.${place.kind}` }),
);

export const asResult = (place: Place): Place => ({ ...place, origin: 'tool', kind: 'tool_result' });

const resultItem = object({ text: text(), json: data, image, document, video, searchResult });

export const resultItems: Reader = list(resultItem);

const resultFields = object({
  toolUseId: id,
  content: resultItems,
  status: oneOf('success', 'error'),
  type: note,
});

export const toolResult: Reader = (node, place, out) => {
  const name = out.toolNames.get(findString(node, 'toolUseId') ?? '');
  resultFields(node, named(asResult(place), name), out);
};

const callFields = object({ toolUseId: id, name: note, input: known, type: oneOf('server_tool_use') });

export const toolUse: Reader = unlessNull((node, place, out) => {
  const [callId, name] = [findString(node, 'toolUseId'), findString(node, 'name')];
  if (callId !== undefined && name !== undefined) out.toolNames.set(callId, name);
  callFields(node, place, out);
  callArguments(findValue(node, 'input'), named(place, name), out);
});

const changed = object({ tool: object({ type: note, name: note, serverName: note }) });

/** Signed as a whole: a text of it that is edited is worth nothing. */
const reasoningContent = object({
  reasoningText: object({ text: sealed('reasoning'), signature: opaque }),
  redactedContent: opaque,
});

export const content = blocks(
  object({
    text: text(),
    image,
    document,
    video,
    audio,
    toolUse,
    toolResult,
    guardContent,
    cachePoint,
    reasoningContent,
    citationsContent: object({ content: list(object({ text: text() })), citations: list(citation) }),
    searchResult,
    toolAddition: changed,
    toolRemoval: changed,
  }),
);
