// Refusals in; errors of JSON-RPC, by the id of what they answer, out.
import type { Encoder } from '../codec.ts';

/** Of the range that JSON-RPC leaves to servers. */
const REFUSED = -32_040;

interface Said {
  readonly message: string;
  readonly replyTo: string | undefined;
}

/** The id is put back as it came: it was read as a string or a whole number. */
const write = ({ message, replyTo = 'null' }: Said, code: string): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","id":${replyTo},"error":${JSON.stringify({ code: REFUSED, message, data: { code } })}}`,
  );

/** A policy's no is an answer to the message; where there is none to answer, and for failures, the status says it. */
function statusOf(code: string, replyTo: string | undefined): { readonly status?: number } {
  if (code === 'content_filter' && replyTo !== undefined) return { status: 200 };
  // Clients ask for a stream of the server's own, and take this for a no.
  return code === 'postern_e_unknown_operation' ? { status: 405 } : {};
}

export const encode: Encoder = {
  error: ({ code, replyTo, ...refusal }) => ({
    headers: { 'content-type': 'application/json' },
    body: write({ ...refusal, replyTo }, code),
    ...statusOf(code, replyTo),
  }),
  answer: ({ message, replyTo }) =>
    replyTo === undefined ? null : write({ message, replyTo }, 'content_filter'),
  openTail: (replyTo) => ({
    released() {},
    refuse: (message) => [{ name: 'message', data: write({ message, replyTo }, 'content_filter') }],
  }),
};
