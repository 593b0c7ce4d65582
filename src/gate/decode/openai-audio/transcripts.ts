// A sound to be written down in, as a form; what it says, in the words that the model heard, out. The sound itself is opaque.
import { answersOf, error } from '../openai/answer.ts';
import { formRequest } from '../read/form.ts';
import {
  as,
  blocks,
  counts,
  id,
  list,
  note,
  object,
  oneOf,
  plain,
  text,
  unlessNull,
  type Reader,
} from '../read/readers.ts';

/** Subtitles and plain text have no shape that could be checked, and a stream of them none that is read. */
export const decodeRequest = formRequest({
  texts: ['prompt'],
  files: ['file', 'known_speaker_references'],
  settings: {
    language: null,
    temperature: null,
    response_format: /^(?:json|verbose_json|diarized_json)$/,
    timestamp_granularities: null,
    include: null,
    chunking_strategy: null,
    known_speaker_names: null,
    stream: /^false$/i,
  },
});

const word = object({ word: text(), start: plain, end: plain, speaker: note });

const segment = object({
  id: note,
  type: oneOf('transcript.text.segment'),
  text: text(),
  speaker: note,
  seek: plain,
  start: plain,
  end: plain,
  tokens: list(plain),
  temperature: plain,
  avg_logprob: plain,
  compression_ratio: plain,
  no_speech_prob: plain,
});

/** Lanes of their own: they say again what the text says. */
const again = (lane: string, read: Reader): Reader => as({ lane: `${lane}.0` }, blocks(read));

/** A token, and its bytes, which are the same. */
const token = unlessNull((node, place, out) => out.addLeaves([node], { ...place, lane: 'logprobs' }));

export const decodeResponse = answersOf(
  object({
    id,
    task: oneOf('transcribe', 'translate'),
    language: note,
    duration: plain,
    text: as({ lane: '0.0', origin: 'document' }, text()),
    words: again('words', word),
    segments: again('segments', segment),
    logprobs: token,
    usage: counts(),
    error,
  }),
);
