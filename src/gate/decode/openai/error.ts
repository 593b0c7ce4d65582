// A refusal in; the error that OpenAI's SDKs understand, for any of its operations, out.
import type { Encoder, ErrorRefusal } from '../codec.ts';

/** `field` is where in the body stands what a policy may refuse. */
export const errorNaming =
  (field: string): Encoder['error'] =>
  ({ status, code, message, requestId }) => ({
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: Buffer.from(
      JSON.stringify({
        error: { message, type: errorType(status), param: code === 'content_filter' ? field : null, code },
      }),
    ),
  });

const errorType = (status: ErrorRefusal['status']): string =>
  status >= 500 ? 'server_error' : 'invalid_request_error';
