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

/** What the API server asks. Sidecars that are injected from now on ask at a port of their own; here older ones still do, and replicas each other. */
export function createApp(options: AppOptions): Express {
  const app = createBare();
  const json = express.json({ limit: LIMIT, strict: true, type: 'application/json' });
  app.post('/inject', json, inject(options));
  app.post('/workloads', json, warnOf(options));
  app.post('/policies', json, reviewPolicies(options));
  app.use('/v1', limitSidecars());
  return end(routeSidecars(app, options));
}

/** What sidecars ask, and nothing else. */
export const createSidecarApp = (options: Pick<AppOptions, 'policies'>): Express =>
  end(routeSidecars(createBare(), options));

const createBare = (): Express => express().disable('x-powered-by').disable('etag');

const routeSidecars = (app: Express, { policies: { endpoint } }: Pick<AppOptions, 'policies'>): Express =>
  app
    .get('/v1/bundle', (request, response) => endpoint.serveBundle(request, response))
    .get('/v1/candidate', (request, response) => endpoint.serveCandidate(request, response))
    .post('/v1/acknowledgements', (request, response) => endpoint.takeAcknowledgement(request, response));

const end = (app: Express): Express =>
  app
    .use((_request, response) => {
      response.set('connection', 'close').status(404).json({ error: 'nothing is here' });
    })
    .use(refuseBroken);

/** Of the connections of the webhook's port, half are never a sidecar's. */
const MOST_SIDECARS = 1_024;

function limitSidecars(): RequestHandler {
  let underWay = 0;
  return (_request, response, next) => {
    // A connection that is kept would be one less for the API server.
    response.set('connection', 'close');
    if (underWay >= MOST_SIDECARS)
      return void response.status(503).set('retry-after', '2').json({ error: 'not now' });
    underWay += 1;
    response.once('close', () => (underWay -= 1));
    next();
  };
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
