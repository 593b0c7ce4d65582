// Texts, images and documents, and the places in them that an answer cites.
import { findString, type JsonNode } from '../json/index.ts';
import { base64, mediaType, url } from '../read/media.ts';
import {
  as,
  byKind,
  id,
  known,
  list,
  object,
  oneOf,
  opaque,
  plain,
  reference,
  tagged,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';

export const cache_control = object({ type: oneOf('ephemeral'), ttl: oneOf('5m', '1h') });

const quoted = text('text', 'citation');

/** A place in a source; the fields of all kinds of source together. */
export const citation = object({
  type: oneOf(
    'char_location',
    'page_location',
    'content_block_location',
    'web_search_result_location',
    'search_result_location',
  ),
  cited_text: quoted,
  document_title: quoted,
  title: quoted,
  url: quoted,
  source: quoted,
  file_id: id,
  encrypted_index: opaque,
  document_index: plain,
  search_result_index: plain,
  start_char_index: plain,
  end_char_index: plain,
  start_page_number: plain,
  end_page_number: plain,
  start_block_index: plain,
  end_block_index: plain,
});

export const textBlock: Fields = {
  text: text(),
  citations: list(citation),
  cache_control,
};

const mediaOf = (source: JsonNode): string => findString(source, 'media_type') ?? 'application/octet-stream';

const inlined = base64({ type: known, media_type: mediaType }, mediaOf);

export const imageBlock: Fields = {
  source: tagged({
    base64: inlined,
    url: { url: url('image_url') },
    file: { file_id: reference('file') },
  }),
  transformations: object({ oversized_image: oneOf('downsize', 'error') }),
  cache_control,
};

const asDocument = (read: Reader): Reader => as({ origin: 'document' }, read);

const nested = list(tagged({ text: textBlock, image: imageBlock }));

/** Whoever put it into the conversation, a document is data. */
export const documentBlock: Reader = asDocument(
  object({
    type: known,
    source: tagged({
      base64: inlined,
      text: { media_type: mediaType, data: text() },
      url: { url: url('document_url') },
      file: { file_id: reference('file') },
      content: { content: byKind({ string: text(), array: nested }) },
    }),
    title: text(),
    context: text(),
    citations: object({ enabled: plain }),
    cache_control,
  }),
);

export const searchResultBlock: Reader = asDocument(
  object({
    type: known,
    content: nested,
    title: text(),
    source: text(),
    citations: object({ enabled: plain }),
    cache_control,
  }),
);
