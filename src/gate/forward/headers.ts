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
  'mcp-protocol-version',
  'mcp-session-id',
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-amz-user-agent',
  'x-amzn-bedrock-accept',
  'x-amzn-bedrock-guardrailidentifier',
  'x-amzn-bedrock-guardrailversion',
  'x-amzn-bedrock-performanceconfig-latency',
  'x-amzn-bedrock-service-tier',
  'x-amzn-bedrock-trace',
]);
const REQUEST_PREFIXES = ['openai-', 'anthropic-', 'x-stainless-', 'amz-sdk-'];

export function requestHeaders(
  incoming: ReadonlyMap<string, string>,
  { operation: { body = 'json' }, boundary = '' }: Pick<Route, 'operation' | 'boundary'>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of incoming) {
    if (isKept(name, REQUEST_HEADERS, REQUEST_PREFIXES)) headers[name] = value;
  }
  if (body === 'json') headers['content-type'] = 'application/json';
  if (body === 'form') headers['content-type'] = `multipart/form-data; boundary=${quoteToken(boundary)}`;
  headers['accept-encoding'] = 'identity';
  return headers;
}

const quoteToken = (value: string): string => (/^[\w'+.-]+$/.test(value) ? value : `"${value}"`);

/** What SDKs read of an answer. The rest belongs to one hop, keeps state for next time, or leads round the gate (`alt-svc`). */
const ANSWER_HEADERS = new Set([
  'content-type',
  'content-disposition',
  'cache-control',
  'date',
  'request-id',
  'x-request-id',
  'apim-request-id',
  'cf-ray',
  'retry-after',
  'retry-after-ms',
  'mcp-session-id',
  'x-should-retry',
]);
const ANSWER_PREFIXES = ['openai-', 'anthropic-', 'x-ratelimit-', 'x-ms-', 'x-goog-', 'x-amzn-'];

export type HeaderFields = Readonly<Record<string, string | string[] | undefined>>;

export function responseHeaders(incoming: HeaderFields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(incoming)) {
    if (value !== undefined && isKept(name, ANSWER_HEADERS, ANSWER_PREFIXES) && isVisible(value))
      headers[name] = value;
  }
  return headers;
}

const isKept = (name: string, names: ReadonlySet<string>, prefixes: readonly string[]): boolean =>
  names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));

const isVisible = (value: string | readonly string[]): boolean => /^[\t -~]*$/.test(String(value));
