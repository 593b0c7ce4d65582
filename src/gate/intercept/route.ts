// A request target, and how it came, in; the configured upstream and the known operation it names out. Paths are never repaired.
import {
  PosternError,
  type Authority,
  type Entrance,
  type Provider,
  type Route,
  type Upstream,
} from '../../exchange/index.ts';
import { authoritiesOf } from '../../lead/index.ts';
import { parseAuthority } from '../../lib/host.ts';
import { boundaryOf, findOperation, listOtherQueries } from '../decode/index.ts';
import type { RequestHead } from './head.ts';

/** `/<upstream>/<path>`; which paths there are, byte for byte, is the registry's to say. */
const TARGET = /^\/[a-z][a-z0-9-]{0,62}(\/[!-~]+)$/;

/** @throws PosternError POSTERN_E_MISDIRECTED, POSTERN_E_UNKNOWN_UPSTREAM or POSTERN_E_UNKNOWN_OPERATION. */
export function routeRequest(
  head: RequestHead,
  upstreams: ReadonlyMap<string, Upstream>,
  entrance: Entrance = { mode: 'env' },
): Route {
  requireSameHost(head, entrance);
  const named = findUpstream(head.target, upstreams, entrance);
  if (named === null) throw new PosternError('POSTERN_E_UNKNOWN_UPSTREAM', upstreamHint(upstreams, entrance));
  const { upstream, path } = named;
  const found = findOperation(upstream.provider, head.method, path);
  if (found === null)
    throw new PosternError('POSTERN_E_UNKNOWN_OPERATION', operationHint(upstream.provider, path));
  return {
    upstream,
    ...found,
    ...(found.operation.body === 'form' ? { boundary: requireForm(head) } : {}),
    ...(upstream.isBound !== true && isSigned(head) ? { isSigned: true } : {}),
  };
}

/** What the connection was judged by is what the request is sent to: it may name no other host. */
function requireSameHost({ headers }: RequestHead, entrance: Entrance): void {
  if (entrance.mode === 'env') return;
  const said = parseAuthority(headers.get('host') ?? '', entrance.port);
  if (said?.host !== entrance.host || said.port !== entrance.port)
    throw new PosternError('POSTERN_E_MISDIRECTED');
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

interface Named {
  readonly upstream: Upstream;
  /** As the upstream's own API has it. */
  readonly path: string;
}

/** The upstream that a target names, even where the rest of it is not understood: a refusal can then speak its dialect. */
export function findUpstream(
  target: string,
  upstreams: ReadonlyMap<string, Upstream>,
  entrance: Entrance,
): Named | null {
  if (entrance.mode !== 'env') return findByHost(target, [...upstreams.values()], entrance);
  const upstream = upstreams.get(target.split('/', 2)[1] ?? '');
  const [, path = ''] = TARGET.exec(target) ?? [];
  return upstream === undefined ? null : { upstream, path };
}

/** Of several at one host, the one whose base path is the longest. */
function findByHost(target: string, upstreams: readonly Upstream[], { host, port }: Authority): Named | null {
  const found = upstreams
    .filter((upstream) => authoritiesOf(upstream).some((own) => own.host === host && own.port === port))
    .map((upstream) => ({ upstream, base: upstream.url.pathname.replace(/\/$/, '') }))
    .filter(({ base }) => target.startsWith(`${base}/`))
    .toSorted((one, other) => other.base.length - one.base.length)[0];
  if (found === undefined) return null;
  const path = target.slice(found.base.length);
  return { upstream: found.upstream, path: VISIBLE.test(path) ? path : '' };
}

const VISIBLE = /^[!-~]+$/;

const upstreamHint = (upstreams: ReadonlyMap<string, Upstream>, { mode }: Entrance): string =>
  mode === 'env' ? `Use /<upstream>/<path> with one of: ${[...upstreams.keys()].join(', ')}.` : '';
