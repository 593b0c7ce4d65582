// The pieces that messages, tool results and prompt variables are made of, asked and answered alike.
import { findString, itemsOf } from '../json/index.ts';
import { addTokens, token } from '../read/logprobs.ts';
import { base64, fileData, url } from '../read/media.ts';
import {
  blocks,
  byKind,
  id,
  list,
  note,
  object,
  oneOf,
  plain,
  reference,
  tagged,
  text,
  type Fields,
  type Reader,
} from '../read/readers.ts';

const cached: Fields = { prompt_cache_breakpoint: object({ mode: oneOf('explicit') }) };

const cited = text('text', 'citation');

/** A place in a source, or a file that was made; the fields of all kinds together. */
export const annotation = object({
  type: oneOf('file_citation', 'url_citation', 'container_file_citation', 'file_path'),
  url: cited,
  title: cited,
  filename: cited,
  file_id: id,
  container_id: id,
  index: plain,
  start_index: plain,
  end_index: plain,
});

const tokens = list(token);

export const logprobs: Reader = (node, place, out) => {
  addTokens(itemsOf(node), place, out);
  tokens(node, place, out);
};

export const imageFields: Fields = {
  image_url: url('image_url'),
  file_id: reference('file'),
  detail: oneOf('low', 'high', 'auto', 'original'),
  ...cached,
};

const PARTS: Readonly<Record<string, Fields>> = {
  text: { text: text(), ...cached },
  input_text: { text: text(), ...cached },
  output_text: { text: text(), annotations: list(annotation), logprobs },
  refusal: { refusal: text('refusal') },
  reasoning_text: { text: text('reasoning') },
  summary_text: { text: text('reasoning', 'summary') },
  input_image: imageFields,
  computer_screenshot: imageFields,
  input_file: {
    file_data: fileData,
    file_url: url('document_url'),
    file_id: reference('file'),
    filename: note,
    detail: oneOf('low', 'high', 'auto'),
    ...cached,
  },
  input_audio: {
    input_audio: base64(
      { format: oneOf('wav', 'mp3') },
      (audio) => `audio/${findString(audio, 'format') ?? '*'}`,
    ),
  },
};

export const part = tagged(PARTS);

export const content = byKind({ string: text(), array: blocks(part) });

/** What a tool gives back: its parts are one result, whatever they are called. */
export const result = byKind({ string: text(), array: list(part), object: part });
