// A refusal as the answer of a dialect whose answers have words for it.
import type { AnswerRefusal, Codec } from '../../src/gate/decode/codec.ts';

/** @throws where there are none. */
export function answerOf({ encode }: Pick<Codec, 'encode'>, refusal: AnswerRefusal): Buffer {
  const answer = encode.answer(refusal);
  if (answer === null) throw new Error('The dialect has no words for a refusal.');
  return answer;
}
