// The words in which field maps are written. A reader takes what stands in a field; what it does not expect is unknown text.
import { findString, isNull, type JsonNode, type JsonString } from '../json/index.ts';
import type { Collector } from './collector.ts';
import type { Place } from './place.ts';

export type Reader = (node: JsonNode, place: Place, out: Collector) => void;

export type Fields = Readonly<Record<string, Reader>>;

type StringReader = (node: JsonString, place: Place, out: Collector) => void;

/** Anywhere a value may be null; that says nothing. */
export const unlessNull =
  (read: Reader): Reader =>
  (node, place, out) => {
    if (!isNull(node)) read(node, place, out);
  };

const strings = (read: StringReader): Reader =>
  unlessNull((node, place, out) => {
    if (node.kind === 'string') read(node, place, out);
    else out.addUnknown(node);
  });

/** The words of a turn, of the kind that the place says, or of another. */
export const text = (kind?: Place['kind'], segment?: string): Reader =>
  strings((node, place, out) => {
    const there = kind === undefined ? place : { ...place, kind };
    out.addText(node, there, segment);
  });

/** Words that must not be edited, because the provider signed them. */
export const sealed = (kind: Place['kind'], segment?: string): Reader =>
  strings((node, place, out) => out.addSealed(node, { ...place, kind }, segment));

/** Known, and outside of turns: judged as text all the same. */
export const note: Reader = (node, _place, out) => out.note(node);

/** Read elsewhere, or no text: a tag that chose this map, a number that a type check saw. */
export const known: Reader = () => {};

/** A body within a body, which is judged as itself. */
export const enclosed: Reader = (node, _place, out) => {
  if (node.kind === 'object') out.countJudged(node.end - node.start);
  else out.addUnknown(node);
};

/** Numbers and booleans. */
export const plain: Reader = (node, _place, out) => {
  if (node.kind !== 'number' && node.kind !== 'literal') out.addUnknown(node);
};

/** Digits alone: some readers also take strings and exponents for numbers, others do not. */
export const count: Reader = unlessNull((node, _place, out) => {
  if (node.kind !== 'number' || !/^\d{1,15}$/.test(node.raw)) out.refuse('json.count_type', node);
});

/** Numbers under names that their provider may add to, and known words; all else is judged as text. */
export function counts(...words: readonly string[]): Reader {
  const set = new Set(words);
  const read = (node: JsonNode, out: Collector): void => {
    if (node.kind === 'string' && !set.has(node.value)) out.note(node);
    if (node.kind === 'array') for (const item of node.items) read(item, out);
    if (node.kind !== 'object') return;
    for (const { key, value } of node.members) {
      if (!/^[a-z][a-z0-9_]{0,63}$/.test(key.value)) out.note(key);
      read(value, out);
    }
  };
  return (node, _place, out) => read(node, out);
}

/** One of a closed set of words; anything else is judged as text. */
export function oneOf(...words: readonly string[]): Reader {
  const set = new Set(words);
  return (node, _place, out) => {
    if (node.kind !== 'string' || !set.has(node.value)) out.note(node);
  };
}

/** Identifiers that providers make: random by design, so judging them as text would only raise false alarms. */
const ID =
  /^(?:chatcmpl|cmpl|call|fc|fp|file|audio|msg|req|toolu|tooluse|srvtoolu|mcptoolu|container|cntr|resp|rs|ws|fs|ci|cu|ig|sh|lsh|ctc|mcp|mcpl|mcpr|conv|cmp|modr)[-_][A-Za-z0-9_-]{1,64}$/;

export const id: Reader = (node, _place, out) => {
  if (node.kind !== 'string' || !ID.test(node.value)) out.note(node);
};

/** What a provider encrypted or signed: nobody here can read it, so it counts as opaque, unless it is no base64 at all. */
export const opaque: Reader = strings((node, _place, out) => {
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(node.value)) out.countOpaque(node);
  else out.addUnknown(node);
});

/** Padding that hides lengths: nobody reads it, so it is no content that went unread. Anything longer or richer is. */
export const padding: Reader = (node, _place, out) => {
  const isPadding = node.kind === 'string' && /^[A-Za-z0-9]{0,64}$/.test(node.value);
  if (!isPadding) out.addUnknown(node);
};

/** Content that is named, not sent. The name is judged as well: it can carry text out. */
export const reference = (kind: string): Reader =>
  strings((node, place, out) => {
    if (node.value !== '') out.addReference(kind, node.value, place.origin);
    out.note(node);
  });

/** Readers in Go take `Messages` for `messages`, and the last of them wins: such a name is refused, not counted as unknown. */
export function object(fields: Fields): Reader {
  const readers = new Map(Object.entries(fields));
  return unlessNull((node, place, out) => {
    if (node.kind !== 'object') return out.addUnknown(node);
    for (const member of node.members) {
      const read = readers.get(member.key.value);
      if (read !== undefined) read(member.value, place, out);
      else if (readers.has(foldName(member.key.value))) out.refuse('json.key_case', member.key);
      else out.addUnknownField(member);
    }
  });
}

/** Two letters beyond ASCII fold into it: the long s and the Kelvin sign. */
const foldName = (name: string): string =>
  name.toLowerCase().replaceAll('\u017f', 's').replaceAll('\u212a', 'k');

/** What must not be there, whatever it is. */
export const refused = (code: string): Reader => unlessNull((node, _place, out) => out.refuse(code, node));

/** An object whose keys are the caller's, and judged unless they are as expected. */
export const map = (read: Reader, expectedKey?: RegExp): Reader =>
  unlessNull((node, place, out) => {
    if (node.kind !== 'object') return out.addUnknown(node);
    for (const { key, value } of node.members) {
      if (expectedKey?.test(key.value) !== true) out.note(key);
      read(value, place, out);
    }
  });

export const list = (read: Reader): Reader =>
  unlessNull((node, place, out) => {
    if (node.kind !== 'array') return out.addUnknown(node);
    for (const item of node.items) read(item, place, out);
  });

/** A list whose items are lanes of their own: the block's index takes the place of the last one. */
export const blocks = (read: Reader): Reader =>
  unlessNull((node, place, out) => {
    if (node.kind !== 'array') return out.addUnknown(node);
    for (const [index, item] of node.items.entries())
      read(item, { ...place, lane: inBlock(place.lane, index) }, out);
  });

const inBlock = (lane: string, index: number): string => `${lane.slice(0, lane.lastIndexOf('.'))}.${index}`;

export const byKind = (readers: { readonly [K in JsonNode['kind']]?: Reader }): Reader =>
  unlessNull((node, place, out) => {
    const read = readers[node.kind];
    if (read === undefined) out.addUnknown(node);
    else read(node, place, out);
  });

/** Objects that say in `type` what they are. */
export function tagged(variants: Readonly<Record<string, Fields | Reader>>): Reader {
  const readers = new Map(
    Object.entries(variants).map(([type, variant]) => [
      type,
      typeof variant === 'function' ? variant : object({ type: known, ...variant }),
    ]),
  );
  return unlessNull((node, place, out) => {
    const read = readers.get(findString(node, 'type') ?? '');
    if (read === undefined) out.addUnknownBlock(node);
    else read(node, place, out);
  });
}

/** The same fields, read as somebody else's words. */
export const as =
  (change: Partial<Place>, read: Reader): Reader =>
  (node, place, out) =>
    read(node, { ...place, ...change }, out);
