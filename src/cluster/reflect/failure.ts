// What the API server answered, or what kept it from answering, in; one failure with a code that callers branch on, out.
import type { Result } from '../../lib/result.ts';

const CODES = {
  AlreadyExists: 'already_exists',
  Conflict: 'conflict',
  Expired: 'expired',
  Gone: 'expired',
  Forbidden: 'forbidden',
  Invalid: 'invalid',
  NotFound: 'not_found',
  TooManyRequests: 'too_many_requests',
  Unauthorized: 'unauthorized',
} as const;

const CODES_BY_STATUS: Readonly<Record<number, ApiFailureCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'expired',
  422: 'invalid',
  429: 'too_many_requests',
};

export type ApiFailureCode =
  | (typeof CODES)[keyof typeof CODES]
  /** Any other 4xx, then any 5xx. */
  | 'refused'
  | 'unavailable'
  /** An answer larger than its limit, or one that is not what this API says. */
  | 'too_large'
  | 'malformed'
  /** No answer in time, or none at all. */
  | 'timeout'
  | 'unreachable';

export interface ApiFailure {
  readonly code: ApiFailureCode;
  /** The server's own words, or the code of the broken connection. They may name objects, so not for a Secret's log line. */
  readonly message: string;
  readonly retryAfterMs?: number;
}

export type Answered<T> = Result<T, ApiFailure>;

interface Status {
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown };
}

const MESSAGE_CHARACTERS = 500;

/** `body` is a `Status` object where the API server itself answered, and anything where something before it did. */
export function failureOf(status: number, body: unknown, retryAfter?: unknown): ApiFailure {
  const { reason, message, details } = (typeof body === 'object' && body !== null ? body : {}) as Status;
  const seconds = Number(details?.retryAfterSeconds ?? retryAfter);
  return {
    code: codeOfReason(reason) ?? CODES_BY_STATUS[status] ?? (status < 500 ? 'refused' : 'unavailable'),
    message: typeof message === 'string' ? message.slice(0, MESSAGE_CHARACTERS) : `status ${String(status)}`,
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
  };
}

const codeOfReason = (reason: unknown): ApiFailureCode | undefined =>
  typeof reason === 'string' && Object.hasOwn(CODES, reason)
    ? CODES[reason as keyof typeof CODES]
    : undefined;

const TIMEOUTS = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** A connection that could not be made, or that broke. */
export function failureOfConnection(error: unknown): ApiFailure {
  const { code, name } = error as NodeJS.ErrnoException;
  const isTimeout = name === 'TimeoutError' || (code !== undefined && TIMEOUTS.has(code));
  return { code: isTimeout ? 'timeout' : 'unreachable', message: code ?? name };
}
