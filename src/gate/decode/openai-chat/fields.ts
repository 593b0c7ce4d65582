// The fields that requests and answers of this dialect share: what a message can say, and in which pieces.
import { findString } from '../json/index.ts';
import { error } from '../openai/answer.ts';
import { base64, fileData, url } from '../read/media.ts';
import {
  blocks,
  byKind,
  counts,
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
} from '../read/readers.ts';

const cached: Fields = { prompt_cache_breakpoint: object({ mode: oneOf('explicit') }) };

const contentBlock = tagged({
  text: { text: text(), ...cached },
  refusal: { refusal: text('refusal') },
  image_url: {
    image_url: object({ url: url('image_url'), detail: oneOf('auto', 'low', 'high') }),
    ...cached,
  },
  input_audio: {
    input_audio: base64(
      { format: oneOf('wav', 'mp3') },
      (audio) => `audio/${findString(audio, 'format') ?? '*'}`,
    ),
    ...cached,
  },
  file: {
    file: object({ file_data: fileData, file_id: reference('file'), filename: note }),
    ...cached,
  },
});

const content = byKind({ string: text(), array: blocks(contentBlock) });

const citation = tagged({
  url_citation: {
    url_citation: object({
      title: text('text', 'citation'),
      url: text('text', 'citation'),
      start_index: plain,
      end_index: plain,
    }),
  },
});

/** What assistants say, whether it is said now or was said before. */
export const spoken: Fields = {
  role: oneOf('assistant', 'developer', 'system', 'user', 'tool', 'function'),
  content,
  refusal: text('refusal'),
  reasoning: text('reasoning'),
  reasoning_content: text('reasoning'),
  annotations: list(citation),
};

/** What comes with every answer and every chunk. */
export const identity: Fields = {
  id,
  object: oneOf('chat.completion', 'chat.completion.chunk'),
  created: plain,
  model: note,
  service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority'),
  system_fingerprint: id,
  usage: counts(),
  moderation: note,
  error,
};
