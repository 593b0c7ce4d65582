// OpenAI's sound: texts that are spoken, and speech that is written down.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { pinNowhere } from '../no-system.ts';
import { errorNaming } from '../openai/error.ts';
import { decodeRequest as decodeText, decodeResponse as decodeSound } from './speech.ts';
import { decodeRequest as decodeForm, decodeResponse as decodeTranscript } from './transcripts.ts';

const shared = { openStream: openNoStream, pinSystem: pinNowhere } as const;

export const openaiSpeech: Codec = {
  ...shared,
  decodeRequest: decodeText,
  decodeResponse: decodeSound,
  encode: errorsOnly(errorNaming('input')),
};

export const openaiTranscripts: Codec = {
  ...shared,
  decodeRequest: decodeForm,
  decodeResponse: decodeTranscript,
  encode: errorsOnly(errorNaming('prompt')),
};
