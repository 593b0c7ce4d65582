// A request target in; the configured upstream and the known operation it names out. Paths are never repaired.
import { PosternError, type Route, type Upstream } from '../../exchange/index.ts';
import { findOperation } from '../decode/index.ts';
import type { RequestHead } from './head.ts';

/** `/<upstream>/<path>`: plain segments only; `%`, `//`, dots alone and `;` mean different things to different readers. */
const TARGET = /^\/([a-z][a-z0-9-]{0,62})((?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+)$/;

/** @throws PosternError POSTERN_E_UNKNOWN_UPSTREAM or POSTERN_E_UNKNOWN_OPERATION. */
export function routeRequest(head: RequestHead, upstreams: ReadonlyMap<string, Upstream>): Route {
  const upstream = findUpstream(head.target, upstreams);
  if (upstream === null) throw new PosternError('POSTERN_E_UNKNOWN_UPSTREAM', upstreamHint(upstreams));
  const [, , path = ''] = TARGET.exec(head.target) ?? [];
  const operation = findOperation(upstream.provider, head.method, path);
  if (operation === null)
    throw new PosternError('POSTERN_E_UNKNOWN_OPERATION', `Provider: ${upstream.provider}.`);
  return { upstream, operation };
}

/** The upstream that a target names, even where the rest of it is not understood: a refusal can then speak its dialect. */
export const findUpstream = (target: string, upstreams: ReadonlyMap<string, Upstream>): Upstream | null =>
  upstreams.get(target.split('/', 2)[1] ?? '') ?? null;

const upstreamHint = (upstreams: ReadonlyMap<string, Upstream>): string =>
  `Use /<upstream>/<path> with one of: ${[...upstreams.keys()].join(', ')}.`;
