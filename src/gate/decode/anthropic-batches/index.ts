// Anthropic's batches: requests that are worked off later, and their results, each judged as the message that it is.
import { encode } from '../anthropic-messages/encode.ts';
import type { Codec } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeNothing } from '../read/request.ts';
import { decodeRequest, listRequests } from './requests.ts';
import { decodeContent, listAnswers } from './results.ts';
import { decodeResponse, leadBack } from './states.ts';

const shared = { openStream: openNoStream, pinSystem: pinNowhere, encode: errorsOnly(encode.error) };

export const anthropicBatches: Codec = { ...shared, decodeRequest, listRequests, decodeResponse, leadBack };

export const anthropicBatchResults: Codec = {
  ...shared,
  decodeRequest: decodeNothing,
  decodeResponse: decodeContent,
  listAnswers,
};
