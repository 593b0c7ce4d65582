// The chunks that a message of Mistral's is made of in; texts, thoughts, media and the names of what is elsewhere out.
import { findString, type JsonNode } from '../json/index.ts';
import { base64, inlined, url } from '../read/media.ts';
import {
  blocks,
  byKind,
  list,
  note,
  object,
  oneOf,
  opaque,
  plain,
  reference,
  sealed,
  tagged,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';

const cited = text('text', 'citation');

/** What a text rests on: numbers of the caller's documents, or what a tool of the provider's found. */
const references: Readonly<Record<string, Fields>> = {
  reference: { reference_ids: list(byKind({ string: note, number: plain })) },
  tool_reference: { tool: note, title: cited, url: cited, favicon: note, description: cited },
};

const thought = sealed('reasoning');

const thoughts = byKind({
  string: thought,
  array: list(tagged({ text: { text: thought }, ...references })),
});

const picture = byKind({
  string: url('image_url'),
  object: object({ url: url('image_url'), detail: oneOf('auto', 'low', 'high') }),
});

const isAddress = (node: JsonNode): boolean => node.kind === 'string' && /^https?:/i.test(node.value);

const soundIn = inlined('audio/*');
const soundAt = url('audio_url');

const sound = byKind({
  string: (node, place, out) => (isAddress(node) ? soundAt : soundIn)(node, place, out),
  object: base64({ format: oneOf('wav', 'mp3') }, (audio) => `audio/${findString(audio, 'format') ?? '*'}`),
});

const chunk = tagged({
  text: { text: text() },
  thinking: { thinking: thoughts, signature: opaque, closed: plain },
  image_url: { image_url: picture },
  document_url: { document_url: url('document_url'), document_name: note },
  file: { file_id: reference('file') },
  input_audio: { input_audio: sound },
  ...references,
});

export const content: Reader = byKind({ string: text(), array: blocks(chunk) });

/** In a stream every piece goes on where the last one ended, whether it comes as a text or as a chunk in a list. */
export const contentPiece: Reader = byKind({ string: text(), array: list(chunk) });
