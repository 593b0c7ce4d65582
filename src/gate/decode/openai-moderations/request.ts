// The body of a moderation request in; what is to be moderated out.
import type { RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { texts } from '../openai/texts.ts';
import { url } from '../read/media.ts';
import { note, object, tagged, text } from '../read/readers.ts';
import { readRequest } from '../read/request.ts';

const block = tagged({ text: { text: text() }, image_url: { image_url: object({ url: url('image_url') }) } });

const reader = object({ model: note, input: texts('input', block) });

export const decodeRequest = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(
    body,
    { types: [{ name: 'model', type: 'string' }], readerFor: () => reader, limitsOf: () => ({}) },
    asked,
  );
