// Which headers cross the gate, in both directions. The message to the upstream is built from scratch.
import type { Route } from '../../exchange/index.ts';

/** What the official SDKs send and providers read. Anything else stays here: it could steer what Postern has not judged. */
const REQUEST_HEADERS = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-goog-api-client',
  'x-goog-user-project',
  'accept',
  'user-agent',
  'idempotency-key',
]);
const REQUEST_PREFIXES = ['openai-', 'anthropic-', 'x-stainless-'];

export function requestHeaders(
  incoming: ReadonlyMap<string, string>,
  { operation: { body = 'json' }, boundary = '' }: Pick<Route, 'operation' | 'boundary'>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of incoming) {
    if (REQUEST_HEADERS.has(name) || REQUEST_PREFIXES.some((prefix) => name.startsWith(prefix)))
      headers[name] = value;
  }
  if (body === 'json') headers['content-type'] = 'application/json';
  if (body === 'form') headers['content-type'] = `multipart/form-data; boundary=${quoteToken(boundary)}`;
  headers['accept-encoding'] = 'identity';
  return headers;
}

const quoteToken = (value: string): string => (/^[\w'+.-]+$/.test(value) ? value : `"${value}"`);

/** Belong to one hop, or would let the client go round the gate the next time (`alt-svc`). */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-encoding',
  'alt-svc',
  'location',
]);

export type HeaderFields = Readonly<Record<string, string | string[] | undefined>>;

export function responseHeaders(incoming: HeaderFields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(incoming)) {
    if (value !== undefined && !HOP_HEADERS.has(name) && !name.startsWith('x-postern-'))
      headers[name] = value;
  }
  return headers;
}
