// Permitted requests in; what their upstream answers out. One keep-alive pool an upstream, TLS always verified.
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { errors, Pool, type Dispatcher } from 'undici';
import type { ConfiguredUpstream, Limits } from '../../config/index.ts';
import { PosternError, type Route } from '../../exchange/index.ts';
import type { Permitted } from '../decide/index.ts';
import { requestHeaders, type HeaderFields } from './headers.ts';

export interface OutgoingRequest {
  readonly route: Route;
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes to send, with the proof that they were judged. */
  readonly permit: Permitted<{ readonly body: Buffer }>;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: Readable;
}

export interface Upstreams {
  /** @throws PosternError POSTERN_E_UPSTREAM_*; the signal's reason when aborted. */
  forward(request: OutgoingRequest, signal: AbortSignal): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_HINTS = 16;

/** @throws Error when a configured authority file cannot be read. */
export function openUpstreams(upstreams: Iterable<ConfiguredUpstream>, limits: Limits): Upstreams {
  const pools = new Map([...upstreams].map((upstream) => [upstream.name, openPool(upstream, limits)]));
  return {
    forward: async (request, signal) => {
      const pool = pools.get(request.route.upstream.name);
      if (pool === undefined) throw new PosternError('POSTERN_E_UNKNOWN_UPSTREAM');
      const { statusCode: status, headers, body } = await send(pool, request, signal);
      // Whoever reads it hears of its errors; a body that nobody reads is destroyed, and then nobody needs to.
      body.on('error', () => {});
      return { status, headers, body };
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

function openPool({ url, caFile }: ConfiguredUpstream, limits: Limits): Pool {
  return new Pool(url.origin, {
    headersTimeout: limits.upstreamHeadersTimeoutMs,
    bodyTimeout: limits.upstreamIdleTimeoutMs,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(caFile === null ? {} : { ca: readFileSync(caFile, 'utf8') }),
    },
  });
}

async function send(
  pool: Pool,
  request: OutgoingRequest,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { route, headers, permit } = request;
  try {
    return await pool.request({
      method: route.operation.method,
      path: route.upstream.url.pathname.replace(/\/$/, '') + (route.address?.path ?? route.operation.path),
      headers: requestHeaders(headers, route),
      body: route.operation.body === 'none' ? null : permit.value.body,
      signal,
      onInfo: countHints(),
    });
  } catch (error) {
    if (signal.aborted || error instanceof PosternError) throw error;
    throw explainFailure(error, route.upstream.name);
  }
}

/** Answers before the answer (1xx) are swallowed; each would begin the wait for it anew, so they are few. */
function countHints(): () => void {
  let hints = 0;
  return () => {
    hints += 1;
    if (hints > MAX_HINTS) throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', 'It only announces itself.');
  };
}

/** Names the kind of failure, never an address that only the pod knows. */
function explainFailure(error: unknown, upstream: string): PosternError {
  const late = error instanceof errors.HeadersTimeoutError;
  const reason =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const code = late ? 'POSTERN_E_UPSTREAM_TIMEOUT' : 'POSTERN_E_UPSTREAM_UNREACHABLE';
  return new PosternError(code, `Upstream: ${upstream}${reason}.`, { cause: error });
}
