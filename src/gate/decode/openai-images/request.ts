// The body of a request for pictures in; what they are to show out.
import type { Limits, RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findNumber, type JsonObject } from '../json/index.ts';
import { as, known, note, object, oneOf, plain, text, type Reader } from '../read/readers.ts';
import { readRequest } from '../read/request.ts';
import type { TypedField } from '../read/typed.ts';
import { settings } from './settings.ts';

const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string' },
  { name: 'prompt', type: 'string', isRequired: true },
  { name: 'stream', type: 'boolean' },
  { name: 'n', type: 'count' },
];

/** An event that holds a picture is longer than events may be: said before it is paid for. */
const neverStreamed: Reader = (node, _place, out) => {
  if (node.kind === 'literal' && node.value === true) out.refuse('request.stream_of_media', node);
};

const reader = object({
  ...settings,
  model: note,
  prompt: as({ turn: 0, role: 'user', lane: '0.0' }, text()),
  n: known,
  stream: neverStreamed,
  partial_images: plain,
  output_compression: plain,
  moderation: oneOf('low', 'auto'),
  response_format: oneOf('url', 'b64_json'),
  style: oneOf('vivid', 'natural'),
  user: note,
});

export const decodeRequest = (body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault> =>
  readRequest(body, { types: TYPES, readerFor: () => reader, limitsOf }, asked);

function limitsOf(request: JsonObject): Limits {
  const n = findNumber(request, 'n');
  return n === undefined ? {} : { n };
}
