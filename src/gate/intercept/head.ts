// A request's head as it stood on the wire in; one unambiguous reading of it, or the reason why there is none, out.
import { PosternError, type Operation } from '../../exchange/index.ts';

export interface RequestHead {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** Lower-case names; one value each. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Repeating one of these means two things to two readers (security: one reading only). */
const SINGLETONS = new Set([
  'host',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'traceparent',
]);

const FORBIDDEN = ['upgrade', 'proxy-authorization', 'proxy-connection', 'trailer'];

/** @throws PosternError POSTERN_E_BAD_REQUEST naming the header, never its value. */
export function readHead(method: string, target: string, rawHeaders: readonly string[]): RequestHead {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    const earlier = headers.get(name);
    if (earlier !== undefined && SINGLETONS.has(name)) throw badHead(`The header ${name} is repeated.`);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  checkHeaders(headers);
  return { method, target, headers };
}

function checkHeaders(headers: ReadonlyMap<string, string>): void {
  const forbidden = FORBIDDEN.find((name) => headers.has(name));
  if (forbidden !== undefined) throw badHead(`The header ${forbidden} is not accepted.`);
  const transfer = headers.get('transfer-encoding');
  if (transfer !== undefined && transfer !== 'chunked')
    throw badHead('transfer-encoding must be exactly "chunked".');
}

/** @throws PosternError unless the head announces the kind of body that the operation has. */
export function requireBody(headers: ReadonlyMap<string, string>, { body = 'json' }: Operation): void {
  if (body !== 'none') requirePlain(headers);
  if (body === 'json') return requireJson(headers);
  if (body === 'form') return;
  if ((headers.get('content-length') ?? '0') !== '0' || headers.has('transfer-encoding'))
    throw badHead('This operation has no body.');
}

function requirePlain(headers: ReadonlyMap<string, string>): void {
  const encoding = headers.get('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') {
    throw new PosternError('POSTERN_E_UNSUPPORTED_ENCODING', 'Send the body without content-encoding.');
  }
}

/** @throws PosternError POSTERN_E_UNSUPPORTED_ENCODING unless the body is announced as plain UTF-8 JSON. */
function requireJson(headers: ReadonlyMap<string, string>): void {
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(headers.get('content-type') ?? '')) {
    throw new PosternError('POSTERN_E_UNSUPPORTED_ENCODING', 'Send content-type: application/json.');
  }
}

const badHead = (detail: string): PosternError => new PosternError('POSTERN_E_BAD_REQUEST', detail);
