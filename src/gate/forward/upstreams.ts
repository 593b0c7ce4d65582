// Permitted requests in; what their upstream answers out. One keep-alive pool an upstream, TLS always verified.
import { readFileSync } from 'node:fs';
import type { ConfiguredUpstream, Limits } from '../../config/index.ts';
import { PosternError, type Route } from '../../exchange/index.ts';
import type { Presence } from '../../lib/presence.ts';
import type { Permitted } from '../decide/index.ts';
import { call, type UpstreamAnswer } from './call.ts';
import { requestHeaders } from './headers.ts';
import { openKey } from './key.ts';
import { createPersistence, type Persist } from './persist.ts';
import { lookUpIn } from './look-up.ts';
import { openSigner } from './sign.ts';
import { errors, Pool } from './undici.ts';
import type { Vouch } from './vouch.ts';

export interface OutgoingRequest {
  readonly route: Route;
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes to send, with the proof that they were judged. */
  readonly permit: Permitted<{ readonly body: Buffer }>;
}

export interface Upstreams {
  /** @throws PosternError POSTERN_E_UPSTREAM_*; anything when the caller has gone. */
  forward(request: OutgoingRequest, caller: Presence): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;

interface Line {
  readonly pool: Pool;
  readonly persist: Persist;
  /** Null where requests go on with what their callers vouch with. */
  readonly vouch: Vouch | null;
}

/** @throws Error when a configured authority file, or one of credentials, cannot be read. */
export function openUpstreams(upstreams: Iterable<ConfiguredUpstream>, limits: Limits): Upstreams {
  const lines = new Map(
    [...upstreams].map((upstream): [string, Line] => [
      upstream.name,
      {
        pool: openPool(upstream, limits),
        persist: createPersistence(upstream.name),
        vouch: openKey(upstream) ?? openSigner(upstream),
      },
    ]),
  );
  return {
    forward: async (request, caller) => {
      const line = lines.get(request.route.upstream.name);
      if (line === undefined) throw new PosternError('POSTERN_E_UNKNOWN_UPSTREAM');
      return send(line, request, caller);
    },
    close: async () => {
      await Promise.all([...lines.values()].map(({ pool }) => pool.destroy()));
    },
  };
}

function openPool({ url, caFile, allowPrivateAddresses }: ConfiguredUpstream, limits: Limits): Pool {
  return new Pool(url.origin, {
    headersTimeout: limits.upstreamHeadersTimeoutMs,
    bodyTimeout: limits.upstreamIdleTimeoutMs,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      lookup: lookUpIn(allowPrivateAddresses ? ['world', 'private'] : ['world']),
      ...(caFile === null ? {} : { ca: readFileSync(caFile, 'utf8') }),
    },
  });
}

async function send(
  { pool, persist, vouch }: Line,
  request: OutgoingRequest,
  caller: Presence,
): Promise<UpstreamAnswer> {
  const { route, permit } = request;
  const { method, body: kind } = route.operation;
  const path = route.upstream.url.pathname.replace(/\/$/, '') + (route.address?.path ?? route.operation.path);
  const { body } = permit.value;
  const plain = requestHeaders(request.headers, route);
  const headers = vouch === null ? plain : vouch({ method, path, headers: plain, body });
  try {
    const message = { method, path, headers, body: kind === 'none' ? null : body };
    return await persist(() => call(pool, message, caller), caller);
  } catch (error) {
    if (caller.hasGone || error instanceof PosternError) throw error;
    throw explainFailure(error, route.upstream.name);
  }
}

/** Names the kind of failure, never an address that only the pod knows. */
function explainFailure(error: unknown, upstream: string): PosternError {
  const late = error instanceof errors.HeadersTimeoutError;
  const reason =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const code = late ? 'POSTERN_E_UPSTREAM_TIMEOUT' : 'POSTERN_E_UPSTREAM_UNREACHABLE';
  return new PosternError(code, `Upstream: ${upstream}${reason}.`, { cause: error });
}
