// Images, videos and sounds: bytes that nobody here reads, or names of objects that lie elsewhere.
import { findString, type JsonNode } from '../json/index.ts';
import { inlined } from '../read/media.ts';
import { known, note, object, reference, type Fields, type Reader } from '../read/readers.ts';

/** What a format is called elsewhere. */
type Formats = Readonly<Record<string, string>>;

const UNNAMED = 'application/octet-stream';

export const s3Location = object({ uri: reference('s3_object'), bucketOwner: note });

const sourceOf = (media: string): Reader => object({ bytes: inlined(media), s3Location });

/** Objects whose `format` says what kind of bytes there are in their source. */
export function ofFormat(formats: Formats, fieldsFor: (media: string) => Fields): Reader {
  const readers = new Map(
    Object.entries(formats).map(([format, media]) => [
      format,
      object({ format: known, ...fieldsFor(media) }),
    ]),
  );
  const other = object({ format: note, ...fieldsFor(UNNAMED) });
  return (node, place, out) => (readers.get(formatOf(node)) ?? other)(node, place, out);
}

const formatOf = (node: JsonNode): string => findString(node, 'format') ?? '';

const medium = (formats: Formats): Reader =>
  ofFormat(formats, (media) => ({ source: sourceOf(media), error: object({ message: note }) }));

export const image = medium({ png: 'image/png', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' });

export const video = medium({
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp4: 'video/mp4',
  webm: 'video/webm',
  flv: 'video/x-flv',
  mpeg: 'video/mpeg',
  mpg: 'video/mpeg',
  wmv: 'video/x-ms-wmv',
  three_gp: 'video/3gpp',
});

export const audio = medium({
  mp3: 'audio/mpeg',
  mpeg: 'audio/mpeg',
  mpga: 'audio/mpeg',
  opus: 'audio/opus',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  aac: 'audio/aac',
  'x-aac': 'audio/aac',
  flac: 'audio/flac',
  mp4: 'audio/mp4',
  m4a: 'audio/mp4',
  mkv: 'audio/x-matroska',
  mka: 'audio/x-matroska',
  webm: 'audio/webm',
  pcm: 'audio/l16',
});
