// Images, audio, files and vectors: bytes that were not read, counted as such, or the names of content that is elsewhere.
import { findValue, type JsonNode } from '../json/index.ts';
import { known, note, object, reference, type Fields, type Reader } from './readers.ts';

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const DATA_URL = /^data:([a-z]+\/[a-z0-9.+-]+)?((?:;[a-z]+=[\w.-]+)*);base64,/i;

const MEDIA_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,64}$/;

export const mediaType: Reader = (node, place, out) => {
  if (node.kind !== 'string' || !MEDIA_TYPE.test(node.value)) note(node, place, out);
};

/** An object that holds base64 in `data`, read with its other fields at hand. What is no base64 is text. */
export function base64(fields: Fields, mediaOf: (source: JsonNode) => string, shape = object): Reader {
  const readFields = shape({ ...fields, data: known });
  return (node, place, out) => {
    readFields(node, place, out);
    const data = findValue(node, 'data');
    if (data === undefined) return;
    if (data.kind === 'string' && BASE64.test(data.value)) out.addMedia(data, place, mediaOf(node));
    else out.addUnknown(data);
  };
}

/** A data: URL holds the content; any other URL names it. */
export const url =
  (kind: string): Reader =>
  (node, place, out) => {
    const media = node.kind === 'string' ? mediaOfDataUrl(node.value) : null;
    if (media !== null) out.addMedia(node, place, media);
    else reference(kind)(node, place, out);
  };

/** A file's content: a data: URL, or base64 alone. */
export const inlined =
  (unnamed: string): Reader =>
  (node, place, out) => {
    if (node.kind !== 'string') return note(node, place, out);
    const media = mediaOfDataUrl(node.value);
    if (media !== null) out.addMedia(node, place, media);
    else if (BASE64.test(node.value)) out.addMedia(node, place, unnamed);
    else out.addUnknown(node);
  };

export const fileData = inlined('application/octet-stream');

function mediaOfDataUrl(text: string): string | null {
  const match = DATA_URL.exec(text);
  if (match === null || !BASE64.test(text.slice(match[0].length))) return null;
  return (match[1] ?? 'text/plain').toLowerCase();
}

const isNumber = ({ kind }: JsonNode): boolean => kind === 'number';

/** A vector. */
export const numbers: Reader = (node, _place, out) => {
  if (node.kind === 'array' && node.items.every(isNumber)) out.countOpaque(node);
  else out.addUnknownBlock(node);
};
