// The body of an embedContent or batchEmbedContents request in; the contents that are to be embedded, each a turn, out.
import { findField, proto, repeatedOf, word } from '../gemini/proto.ts';
import { MODEL_PREFIX, requestsOf, turnAt } from '../gemini/request.ts';
import { note, plain, type Fields, type Reader } from '../read/readers.ts';

const settings: Fields = {
  taskType: word(''),
  title: note,
  outputDimensionality: plain,
  autoTruncate: plain,
  documentOcr: plain,
  audioTrackExtraction: plain,
};

const one = proto({
  model: note,
  content: (node, place, out) => turnAt(place.turn)(node, place, out),
  ...settings,
  embedContentConfig: proto(settings),
});

const first: Reader = (node, place, out) => one(node, { ...place, turn: 0 }, out);

/** Each names the model of the path once more. */
const severalFor =
  (model: string | undefined): Reader =>
  (node, place, out) => {
    for (const [turn, item] of repeatedOf(node).entries()) {
      const named = findField(item, 'model');
      const isSame = named?.kind === 'string' && [model, `${MODEL_PREFIX}${model}`].includes(named.value);
      if (named !== undefined && !isSame) out.refuse('request.model_conflict', named);
      one(item, { ...place, turn }, out);
    }
  };

export const decodeRequest = requestsOf((request, model) =>
  findField(request, 'requests') === undefined ? first : proto({ requests: severalFor(model) }),
);
