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
  opaque,
  plain,
  reference,
  sealed,
  tagged,
  text,
  type Fields,
} from '../read/readers.ts';
import { context } from './own-data.ts';

/** The second is what routers pass on to Anthropic. */
const cached: Fields = {
  prompt_cache_breakpoint: object({ mode: oneOf('explicit') }),
  cache_control: object({ type: oneOf('ephemeral'), ttl: oneOf('5m', '1h') }),
};

const picture = object({ url: url('image_url'), detail: oneOf('auto', 'low', 'high') });

const contentBlock = tagged({
  text: { text: text(), ...cached },
  refusal: { refusal: text('refusal') },
  image_url: { image_url: picture, ...cached },
  video_url: { video_url: object({ url: url('video_url') }) },
  audio_url: { audio_url: object({ url: url('audio_url') }) },
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

const detail: Fields = { id: note, format: note, index: plain };

const thought = sealed('reasoning', 'reasoning_details');

/** As a router passes on what others signed. */
const reasoningDetail = tagged({
  'reasoning.text': { text: thought, signature: opaque, ...detail },
  'reasoning.summary': { summary: thought, ...detail },
  'reasoning.encrypted': { data: opaque, ...detail },
});

const thinkingBlock = tagged({
  thinking: { thinking: sealed('reasoning', 'thinking_blocks'), signature: opaque, cache_control: note },
  redacted_thinking: { data: opaque, cache_control: note },
});

/** What assistants say, whether it is said now or was said before. */
export const spoken: Fields = {
  role: oneOf('assistant', 'developer', 'system', 'user', 'tool', 'function'),
  content,
  refusal: text('refusal'),
  reasoning: text('reasoning'),
  // Some servers tell their reasoning by several names at once, and each client reads one of them.
  reasoning_content: text('reasoning', 'reasoning_content'),
  reasoning_details: list(reasoningDetail),
  thinking_blocks: list(thinkingBlock),
  images: blocks(object({ type: oneOf('image_url'), index: plain, image_url: picture })),
  annotations: list(citation),
  context,
};

/** What other servers and routers tell beside it. */
const told: Fields = {
  provider: note,
  citations: note,
  search_results: note,
  prompt_text: note,
  prompt_token_ids: list(plain),
  metrics: counts(),
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
  ...told,
};
