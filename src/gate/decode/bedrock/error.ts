// A refusal in; what AWS's SDKs take for an exception of Bedrock, by its header alone, out.
import type { Encoder } from '../codec.ts';

/** None that an SDK tries again where the status says that it may not. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  401: 'AccessDeniedException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  429: 'ThrottlingException',
  503: 'ServiceUnavailableException',
  504: 'ModelTimeoutException',
};

const exceptionOf = (status: number): string =>
  EXCEPTIONS[status] ?? (status >= 500 ? 'InternalServerException' : 'ValidationException');

/** Without the header SDKs know of no more than an unknown error. */
export const error: Encoder['error'] = ({ status, message, requestId }) => ({
  headers: {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': exceptionOf(status),
  },
  body: Buffer.from(JSON.stringify({ message })),
});

/** In the middle of a stream there is no status, and no SDK tries again. */
export const errorName = 'exception:internalServerException';
