// Health, readiness, status and metrics in plain HTTP. Read-only: the application shares this loopback.
import { writeHead, type Arrival, type Reply } from '../gate/intercept/index.ts';
import type { PolicyStore } from '../policy/index.ts';
import type { Standing } from './standing.ts';

export interface AdminOptions {
  readonly policies: PolicyStore;
  /** Null where none is configured. */
  readonly candidateStatus: (() => object) | null;
  readonly isDraining: () => boolean;
  readonly standing: Standing;
  /** Null where no controller has the policies. */
  readonly source: () => object | null;
  readonly metricsText: () => Promise<string>;
}

type Page = (
  options: AdminOptions,
) => Promise<{ readonly status: number; readonly type: string; readonly body: string }>;

const json = (status: number, value: unknown): Awaited<ReturnType<Page>> => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});

const PAGES: Readonly<Record<string, Page>> = {
  '/healthz': async ({ standing }) => {
    const reason = standing.problem();
    if (reason === null) return json(200, { status: 'ok' });
    return json(standing.isAlive() ? 200 : 503, {
      status: standing.isAlive() ? 'degraded' : 'failed',
      reason,
    });
  },
  '/readyz': async ({ policies, isDraining }) => {
    const reason = isDraining()
      ? 'draining'
      : policies.current() === null
        ? 'no policy bundle is loaded'
        : null;
    return json(
      reason === null ? 200 : 503,
      reason === null ? { ready: true } : { ready: false, reason, policy: policies.status() },
    );
  },
  '/status': async ({ policies, candidateStatus, standing, source }) =>
    json(200, {
      interception: standing.describe(),
      shedding: standing.shedding,
      policy: { ...policies.status(), source: source() },
      candidate: candidateStatus?.() ?? null,
    }),
  '/metrics': async ({ metricsText }) => ({
    status: 200,
    type: 'text/plain; version=0.0.4',
    body: await metricsText(),
  }),
};

export function adminHandler(options: AdminOptions): (request: Arrival, reply: Reply) => void {
  return (request, reply) => void answer(options, request, reply);
}

async function answer(options: AdminOptions, request: Arrival, reply: Reply): Promise<void> {
  const page =
    request.method === 'GET' && Object.hasOwn(PAGES, request.url ?? '')
      ? PAGES[request.url ?? '']
      : undefined;
  const { status, type, body } =
    page === undefined
      ? json(404, { error: `GET one of: ${Object.keys(PAGES).join(' ')}` })
      : await page(options);
  writeHead(reply, status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
