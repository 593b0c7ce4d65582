// A call of OpenAI's audio, or of its edits of pictures, in; a sound without a tone, or what the form asked for, out.
import { headersOf } from './openai-call.ts';
import { countTokens, type Call, type Reply } from './reply.ts';

/** The head of an MP3 frame, and silence. */
const SILENCE = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]);

export const answerSpeech = (call: Call): Reply => ({
  kind: 'stream',
  headers: { ...headersOf(call), 'content-type': 'audio/mpeg' },
  frames: [SILENCE],
});

/** It hears what it was told to expect. */
export function answerTranscript(call: Call): Reply {
  const text = fieldOf(call.body, 'prompt');
  const usage = { type: 'tokens', input_tokens: 1, output_tokens: countTokens(text), total_tokens: 1 };
  return { kind: 'json', status: 200, headers: headersOf(call), body: { text, usage } };
}

export const answerEdit = (call: Call): Reply => ({
  kind: 'json',
  status: 200,
  headers: headersOf(call),
  body: {
    created: 1,
    data: [{ b64_json: 'R0lGODlhAQABAAAAACw=', revised_prompt: fieldOf(call.body, 'prompt') }],
  },
});

const fieldOf = (form: Buffer, name: string): string =>
  new RegExp(`name="${name}"\r\n\r\n([^\r]*)\r\n`).exec(form.toString())?.[1] ?? '';
