// A request target in; the configured upstream and the known operation it names out. Paths are never repaired.
import { PosternError, type Provider, type Route, type Upstream } from '../../exchange/index.ts';
import { boundaryOf, findOperation, listOtherQueries } from '../decode/index.ts';
import type { RequestHead } from './head.ts';

/** `/<upstream>/<path>`; which paths there are, byte for byte, is the registry's to say. */
const TARGET = /^\/[a-z][a-z0-9-]{0,62}(\/[!-~]+)$/;

/** @throws PosternError POSTERN_E_UNKNOWN_UPSTREAM or POSTERN_E_UNKNOWN_OPERATION. */
export function routeRequest(head: RequestHead, upstreams: ReadonlyMap<string, Upstream>): Route {
  const upstream = findUpstream(head.target, upstreams);
  if (upstream === null) throw new PosternError('POSTERN_E_UNKNOWN_UPSTREAM', upstreamHint(upstreams));
  const [, path = ''] = TARGET.exec(head.target) ?? [];
  const found = findOperation(upstream.provider, head.method, path);
  if (found === null)
    throw new PosternError('POSTERN_E_UNKNOWN_OPERATION', operationHint(upstream.provider, path));
  return {
    upstream,
    ...found,
    ...(found.operation.body === 'form' ? { boundary: requireForm(head) } : {}),
    ...(upstream.signs !== true && isSigned(head) ? { isSigned: true } : {}),
  };
}

/** As AWS has it: the signature covers a hash of the body. */
const isSigned = ({ headers }: RequestHead): boolean =>
  headers.has('x-amz-content-sha256') || /^AWS4-/i.test(headers.get('authorization') ?? '');

/** @throws PosternError POSTERN_E_UNSUPPORTED_ENCODING unless the body is announced as a form. */
function requireForm({ headers }: RequestHead): string {
  const boundary = boundaryOf(headers.get('content-type') ?? '');
  if (boundary !== null) return boundary;
  throw new PosternError('POSTERN_E_UNSUPPORTED_ENCODING', 'Send content-type: multipart/form-data.');
}

/** Google takes a key in the query as well: two places for one credential, and one of them in every log. */
const HAS_KEY = /[?&](?:key|access_token)=/;

/** Says patterns of the registry, never what was asked for: a query may hold a key. */
function operationHint(provider: Provider, path: string): string {
  const others = listOtherQueries(provider, path);
  const known = others.length === 0 ? '' : ` This path is known as ${others.join(', ')}.`;
  const advice = HAS_KEY.test(path)
    ? ' Send keys in a header, such as x-goog-api-key: paths are logged everywhere.'
    : '';
  return `Provider: ${provider}.${known}${advice}`;
}

/** The upstream that a target names, even where the rest of it is not understood: a refusal can then speak its dialect. */
export const findUpstream = (target: string, upstreams: ReadonlyMap<string, Upstream>): Upstream | null =>
  upstreams.get(target.split('/', 2)[1] ?? '') ?? null;

const upstreamHint = (upstreams: ReadonlyMap<string, Upstream>): string =>
  `Use /<upstream>/<path> with one of: ${[...upstreams.keys()].join(', ')}.`;
