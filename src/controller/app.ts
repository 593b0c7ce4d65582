// Reviews of the API server in; patches, denials and warnings out. What decides is cluster/admit; here it is only served, counted and told.
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { reviewPod, reviewWorkload, type Verdict } from '../cluster/admit/index.ts';
import type { Log } from '../gate/record/index.ts';
import type { Events } from './events.ts';
import type { Metrics } from './metrics.ts';
import type { Policies } from './policies/index.ts';

type Surroundings = Parameters<typeof reviewPod>[1];

interface AppOptions {
  readonly surroundings: Surroundings;
  readonly events: Events;
  readonly metrics: Metrics;
  readonly policies: Pick<Policies, 'endpoint' | 'review'>;
  readonly log: Log;
}

/** As the API server itself takes at most. */
const LIMIT = '3mb';

export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  const json = express.json({ limit: LIMIT, strict: true, type: 'application/json' });
  app.post('/inject', json, inject(options));
  app.post('/workloads', json, warnOf(options));
  app.post('/policies', json, reviewPolicies(options));
  app.get('/v1/bundle', (request, response) => options.policies.endpoint.serveBundle(request, response));
  app.get('/v1/candidate', (request, response) =>
    options.policies.endpoint.serveCandidate(request, response),
  );
  app.post('/v1/acknowledgements', (request, response) =>
    options.policies.endpoint.takeAcknowledgement(request, response),
  );
  app.use((_request, response) => void response.status(404).json({ error: 'nothing is here' }));
  app.use(refuseBroken);
  return app;
}

const inject =
  ({ surroundings, events, metrics, log }: AppOptions): RequestHandler =>
  (request, response) => {
    const startMs = performance.now();
    const reviewed = reviewPod(request.body, surroundings);
    if (reviewed.kind === 'malformed') {
      metrics.noteReview({ kind: 'malformed', reason: 'malformed', ms: performance.now() - startMs });
      return void response.status(400).json({ error: reviewed.message });
    }
    const { verdict, isDryRun, subject } = reviewed;
    response.json(reviewed.answer);
    metrics.noteReview({ kind: verdict.kind, reason: reasonOf(verdict), ms: performance.now() - startMs });
    if (verdict.kind === 'deny') log.warn('a pod was refused', { why: verdict.message });
    if (!isDryRun && verdict.kind !== 'patch') events.tell(subject, verdict);
  };

/** From a closed set. */
const reasonOf = (verdict: Verdict): string => (verdict.kind === 'skip' ? verdict.reason : 'none');

const warnOf =
  ({ surroundings }: AppOptions): RequestHandler =>
  (request, response) => {
    const reviewed = reviewWorkload(request.body, surroundings);
    if (reviewed.kind === 'malformed') return void response.status(400).json({ error: reviewed.message });
    response.json(reviewed.answer);
  };

const reviewPolicies =
  ({ policies }: AppOptions): RequestHandler =>
  async (request, response) => {
    const reviewed = await policies.review(request.body);
    if (!reviewed.ok) return void response.status(400).json({ error: reviewed.error });
    response.json(reviewed.value.answer);
  };

/** Nothing of what was sent is said. */
// oxlint-disable-next-line max-params -- Express knows a handler of errors by these four
const refuseBroken: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = statusOf(error);
  response.status(status).json({ error: status === 413 ? 'too large' : 'not understood' });
};

const statusOf = (error: unknown): number =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
