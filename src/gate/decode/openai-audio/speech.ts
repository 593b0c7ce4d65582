// A text to be spoken in; what is to be said, and how, out. The answer is sound: its length is counted, and no more is known of it.
import type { ResponseMessage } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { Asked, Codec, DecodeFault } from '../codec.ts';
import { ANSWERING, answersOf, error } from '../openai/answer.ts';
import { Collector } from '../read/collector.ts';
import { as, byKind, note, object, oneOf, plain, reference, text, type Reader } from '../read/readers.ts';
import { readRequest } from '../read/request.ts';
import { parseObject, type TypedField } from '../read/typed.ts';

const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string', isRequired: true },
  { name: 'input', type: 'string', isRequired: true },
  { name: 'stream_format', type: 'string' },
];

/** Events that hold sound are none that anybody reads. */
const unstreamed: Reader = (node, place, out) => {
  oneOf('audio')(node, place, out);
  if (node.kind === 'string' && node.value !== 'audio') out.refuse('request.stream_of_media', node);
};

const reader = object({
  model: note,
  input: as({ turn: 0, role: 'user', lane: '0.0' }, text()),
  instructions: as({ turn: 0, role: 'user', lane: '0.1' }, text()),
  voice: byKind({ string: note, object: object({ id: reference('voice') }) }),
  response_format: oneOf('mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'),
  speed: plain,
  stream_format: unstreamed,
});

export const decodeRequest: Codec['decodeRequest'] = (body, asked?: Asked) =>
  readRequest(body, { types: TYPES, readerFor: () => reader, limitsOf: () => ({}) }, asked);

const decodeError = answersOf(object({ error }));

/** What is no JSON is sound: its type was asked for, and says so. */
export function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  if (parseObject(body).ok) return decodeError(body);
  const out = new Collector(body, 'assistant');
  const whole = { kind: 'literal', value: null, start: 0, end: body.length } as const;
  out.addMedia(whole, { ...ANSWERING, lane: '0.0' }, 'audio/*');
  return ok({ model: '', parts: out.parts, coverage: out.coverage, usage: {}, finishReasons: [] });
}
