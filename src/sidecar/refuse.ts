// A refusal in; the error that the caller's SDK understands, in the upstream's own dialect, out.
import { FAILURE_MODES, PosternError, type Decision, type Route } from '../exchange/index.ts';
import { codecOf, encoderOf, type Encoder } from '../gate/decode/index.ts';
import { cutReply, endConnectionAfter, endEarly, findUpstream, writeHead } from '../gate/intercept/index.ts';
import { messageOf } from '../judge/index.ts';
import { noteFailure } from './note.ts';
import type { Passage } from './passage.ts';

/** An exchange that may have failed before any policy was at hand. */
type Visit = Omit<Passage, 'snapshot'>;

/** A policy's no, before anything was sent. 400 is the one status that no SDK retries. */
export function refuseRequest(passage: Passage, route: Route, decision: Decision): void {
  passage.account.settle('refused');
  sendError(passage, codecOf(route.operation).encode, {
    status: 400,
    code: 'content_filter',
    message: messageOf(decision),
  });
}

/** Whatever went wrong ends here, and nowhere else, in refusal. */
export function rescue(passage: Visit, error: unknown): void {
  const { account, reply, arrival, config, entrance } = passage;
  if (passage.caller.hasGone) return account.settle('client_aborted');
  const failure = failureOf(error);
  noteFailure(passage, failure.code);
  account.settle(failure.code.startsWith('POSTERN_E_UPSTREAM_') ? 'upstream_failed' : 'failed_closed');
  // Once an answer has begun there is no status left to send; a cut connection is the one thing no client takes for success.
  if (reply.headersSent) return cutReply(reply);
  const upstream =
    account.route?.upstream ?? findUpstream(arrival.url ?? '', config.upstreams, entrance)?.upstream;
  sendError(passage, encoderOf(upstream?.provider ?? 'openai'), describeFailure(failure));
}

/** What is not ours to name is told as a failure of ours. */
export const failureOf = (error: unknown): PosternError =>
  error instanceof PosternError ? error : new PosternError('POSTERN_E_INTERNAL', undefined, { cause: error });

/** As callers are told of it. */
export const describeFailure = ({ code, message }: PosternError): ErrorReply => ({
  status: FAILURE_MODES[code].status,
  code: code.toLowerCase(),
  message,
});

export interface ErrorReply {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Seconds: as long as most exchanges take. */
const RETRY_AFTER = '2';

export function sendError(passage: Visit, encoder: Encoder, { status, code, message }: ErrorReply): void {
  const { account, reply, arrival } = passage;
  const refusal = { status, code, message, requestId: account.id, replyTo: account.replyTo };
  const { headers, body, status: said = status } = encoder.error(refusal);
  account.status = said;
  // What was not read of the request, or not understood, must not be taken for the next one.
  if (!arrival.complete || account.failure === 'POSTERN_E_BAD_REQUEST') endConnectionAfter(reply);
  const out = writeHead(reply, said, {
    ...headers,
    ...decisionHeaders(passage),
    'x-should-retry': String(isRetryable(account.failure)),
    ...(account.failure === 'POSTERN_E_OVERLOADED' ? { 'retry-after': RETRY_AFTER } : {}),
    'content-length': body.length,
  });
  if (arrival.complete) out.end(body);
  else endEarly(arrival, reply, body);
}

const isRetryable = (code: Passage['account']['failure']): boolean =>
  code !== null && FAILURE_MODES[code].retryable;

/** On every answer: which account to look up, and what policies in `warn` had to say. */
export function decisionHeaders({ account }: Visit): Record<string, string> {
  const headers = { 'x-postern-decision': account.id };
  const recorded = [
    ...(account.request?.decision.recorded ?? []),
    ...(account.response?.decision.recorded ?? []),
  ];
  const warned = recorded.filter(({ mode }) => mode === 'warn').map(({ code }) => code);
  if (warned.length === 0) return headers;
  return { ...headers, 'x-postern-warning': [...new Set(warned)].join(', ') };
}
