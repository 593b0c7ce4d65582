// Which models Google has: clients ask before they say anything to one.
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { encode } from '../gemini/encode.ts';
import { proto, repeated } from '../gemini/proto.ts';
import { answersOf, error } from '../gemini/response.ts';
import { pinNowhere } from '../no-system.ts';
import { note, plain, type Fields } from '../read/readers.ts';
import { decodeNothing } from '../read/request.ts';

/** From `versionId` on it is what Vertex says of them. */
const model: Fields = {
  name: note,
  baseModelId: note,
  version: note,
  displayName: note,
  description: note,
  inputTokenLimit: plain,
  outputTokenLimit: plain,
  supportedGenerationMethods: repeated(note),
  temperature: plain,
  maxTemperature: plain,
  topP: plain,
  topK: plain,
  thinking: plain,
  versionId: note,
  openSourceCategory: note,
  launchStage: note,
  versionState: note,
  publisherModelTemplate: note,
  supportedActions: note,
  frameworks: repeated(note),
};

/** One of them, a page of them, or an error in their place. */
export const geminiModels: Codec = {
  decodeRequest: decodeNothing,
  decodeResponse: answersOf(
    proto({
      ...model,
      models: repeated(proto(model)),
      publisherModels: repeated(proto(model)),
      nextPageToken: note,
      error,
    }),
  ),
  openStream: openNoStream,
  pinSystem: pinNowhere,
  encode: errorsOnly(encode.error),
};
