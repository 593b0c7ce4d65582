// A request target in; the configured upstream and the known operation it names out. Paths are never repaired.
import { PosternError, type Route, type Upstream } from '../../exchange/index.ts';
import { findOperation } from '../decode/index.ts';
import type { RequestHead } from './head.ts';

/** `/<upstream>/<path>`: plain segments only; `%`, `//`, dots alone and `;` mean different things to different readers. */
const TARGET = /^\/([a-z][a-z0-9-]{0,62})((?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+)$/;

export type RouteOutcome =
  | { readonly kind: 'routed'; readonly route: Route }
  /** The dialect is known although the operation is not, so the refusal can be put in its words. */
  | { readonly kind: 'refused'; readonly upstream: Upstream | null; readonly error: PosternError };

export function routeRequest(head: RequestHead, upstreams: ReadonlyMap<string, Upstream>): RouteOutcome {
  const [, name = '', path = ''] = TARGET.exec(head.target) ?? [];
  const upstream = upstreams.get(name || firstSegment(head.target)) ?? null;
  if (upstream === null)
    return refuse(null, new PosternError('POSTERN_E_UNKNOWN_UPSTREAM', upstreamHint(upstreams)));
  const operation = findOperation(upstream.provider, head.method, path);
  if (operation !== null) return { kind: 'routed', route: { upstream, operation } };
  return refuse(upstream, new PosternError('POSTERN_E_UNKNOWN_OPERATION', `Provider: ${upstream.provider}.`));
}

const refuse = (upstream: Upstream | null, error: PosternError): RouteOutcome => ({
  kind: 'refused',
  upstream,
  error,
});

const firstSegment = (target: string): string => target.split('/', 2)[1] ?? '';

const upstreamHint = (upstreams: ReadonlyMap<string, Upstream>): string =>
  `Use /<upstream>/<path> with one of: ${[...upstreams.keys()].join(', ')}.`;
