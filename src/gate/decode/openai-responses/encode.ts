// Refusals in; what OpenAI's SDKs understand as an error, a refused response, or the end of a stream, out.
import type { AnswerRefusal, Encoder } from '../codec.ts';
import { errorNaming } from '../openai/error.ts';
import { refusalItem, refused } from './refused.ts';
import { Tail } from './tail.ts';

export const encode: Encoder = {
  error: errorNaming('input'),
  answer: encodeAnswer,
  openTail: () => new Tail(),
  errorName: 'error',
};

function encodeAnswer({ message, model, requestId, usage }: AnswerRefusal): Buffer {
  const identity = { id: `resp_${requestId}`, model };
  return Buffer.from(JSON.stringify(refused(identity, [refusalItem(message)], usage)));
}
