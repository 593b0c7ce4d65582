// OpenAI's files: uploads, of which those for batches hold requests; and their content, of which only results are read.
import type { RequestMessage } from '../../../exchange/index.ts';
import { ok, type Result } from '../../../lib/result.ts';
import type { Asked, Codec, DecodeFault } from '../codec.ts';
import { errorsOnly, openNoStream } from '../errors-only.ts';
import { errorNaming } from '../openai/error.ts';
import { pinNowhere } from '../no-system.ts';
import { decodeNothing } from '../read/request.ts';
import { decodeFileAnswer } from './fields.ts';
import { decodeContent, listAnswers } from './results.ts';
import { decodeUpload, listRequests } from './upload.ts';

const shared = { openStream: openNoStream, pinSystem: pinNowhere, encode: errorsOnly(errorNaming('file')) };

/** An upload has a form; whoever asks for a file, or that it be deleted, says so in the path alone. */
const decodeRequest = (body: Buffer, asked: Asked = {}): Result<RequestMessage, DecodeFault> =>
  asked.boundary === undefined ? decodeNothing(body) : decodeUpload(body, asked);

export const openaiFiles: Codec = {
  ...shared,
  decodeRequest,
  decodeResponse: decodeFileAnswer,
  listRequests: (body, asked = {}) => (asked.boundary === undefined ? ok([]) : listRequests(body, asked)),
};

export const openaiFileContent: Codec = {
  ...shared,
  decodeRequest: decodeNothing,
  decodeResponse: decodeContent,
  listAnswers,
};
