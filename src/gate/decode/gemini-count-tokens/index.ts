// Gemini's counting of tokens: of contents, or of a whole request; answered with numbers.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { answersOf, byModality, error } from '../gemini/response.ts';
import { encode } from '../gemini/encode.ts';
import { pinWithin } from '../gemini/pin-system.ts';
import { findField, findText, proto } from '../gemini/proto.ts';
import { generation, MODEL_PREFIX, requestsOf } from '../gemini/request.ts';
import { note, plain, type Reader } from '../read/readers.ts';

/** A request within, which names its model once more. */
const countedFor =
  (model: string | undefined): Reader =>
  (node, place, out) => {
    const named = findText(node, 'model');
    if (named !== model && named !== `${MODEL_PREFIX}${model}`) out.refuse('request.model_conflict', node);
    generation(node, place, out);
  };

export const geminiCountTokens: Codec = {
  decodeRequest: requestsOf((request, model) =>
    findField(request, 'generateContentRequest') === undefined
      ? generation
      : proto({ generateContentRequest: countedFor(model), model: note }),
  ),
  decodeResponse: answersOf(
    proto({
      totalTokens: plain,
      totalBillableCharacters: plain,
      cachedContentTokenCount: plain,
      promptTokensDetails: byModality,
      cacheTokensDetails: byModality,
      error,
    }),
  ),
  openStream: openNoStream,
  pinSystem: pinWithin('generateContentRequest'),
  encode: errorsOnly(encode.error),
};
