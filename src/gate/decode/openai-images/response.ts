// The body of an answer in; what is said of the pictures, and how much of it is pictures, out.
import { answersOf, error } from '../openai/answer.ts';
import { inlined, url } from '../read/media.ts';
import { blocks, as, counts, note, object, plain, text } from '../read/readers.ts';
import { settings } from './settings.ts';

/** What filters say is Azure's. */
const picture = object({
  b64_json: inlined('image/*'),
  url: url('image_url'),
  revised_prompt: text(),
  content_filter_results: note,
  prompt_filter_results: note,
});

export const decodeResponse = answersOf(
  object({
    ...settings,
    created: plain,
    data: as({ lane: '0.0' }, blocks(picture)),
    usage: counts(),
    error,
  }),
);
