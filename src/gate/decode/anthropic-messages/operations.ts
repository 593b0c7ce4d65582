// What Anthropic offers of its models, on its own host and on Google's.
import type { Operation } from '../../../exchange/index.ts';

const message = { dialect: 'anthropic-messages', name: 'chat', method: 'POST' } as const;
const count = {
  dialect: 'anthropic-count-tokens',
  name: 'count_tokens',
  method: 'POST',
  stream: false,
} as const;
const models = {
  dialect: 'anthropic-models',
  name: 'models',
  method: 'GET',
  body: 'none',
  stream: false,
} as const;

const batch = { ...models, dialect: 'anthropic-batches', name: 'batches' } as const;

const BATCHES = '/v1/messages/batches';

/** The official SDK puts it behind every path of its beta client. */
const BETA = 'beta=true';

const PAGES = [
  '',
  'limit={limit}',
  'after_id={after}',
  'limit={limit}&after_id={after}',
  'after_id={after}&limit={limit}',
];

const withQuery = (path: string, query: string): string => (query === '' ? path : `${path}?${query}`);

const joinQueries = (...queries: readonly string[]): string =>
  queries.filter((query) => query !== '').join('&');

/** Lists come in pages. */
const pagesOf = (path: string, beta: string): readonly string[] =>
  PAGES.map((page) => withQuery(path, joinQueries(beta, page)));

/** What the requests of a batch are. */
export const MESSAGES: Operation = { ...message, path: '/v1/messages' };

export const ANTHROPIC: readonly Operation[] = ['', BETA].flatMap((beta): readonly Operation[] => [
  { ...message, path: withQuery('/v1/messages', beta) },
  { ...count, path: withQuery('/v1/messages/count_tokens', beta) },
  ...pagesOf('/v1/models', beta).map((path) => ({ ...models, path })),
  { ...models, path: withQuery('/v1/models/{model}', beta) },
  { ...batch, body: 'json', method: 'POST', path: withQuery(BATCHES, beta) },
  ...pagesOf(BATCHES, beta).map((path) => ({ ...batch, path })),
  { ...batch, path: withQuery(`${BATCHES}/{batch}`, beta) },
  { ...batch, method: 'DELETE', path: withQuery(`${BATCHES}/{batch}`, beta) },
  { ...batch, method: 'POST', path: withQuery(`${BATCHES}/{batch}/cancel`, beta) },
  {
    ...batch,
    dialect: 'anthropic-batch-results',
    answer: 'file',
    path: withQuery(`${BATCHES}/{batch}/results`, beta),
  },
]);

/** The path says what the body says elsewhere; to count, the model is one that counts, and the body names the one that is meant. */
export const VERTEX_ANTHROPIC: readonly Operation[] = ['/v1', '/v1beta1'].flatMap(
  (version): readonly Operation[] => {
    const base = `${version}/projects/{project}/locations/{location}/publishers/anthropic/models`;
    return [
      { ...count, path: `${base}/count-tokens:rawPredict` },
      { ...message, path: `${base}/{model}:rawPredict`, stream: false },
      { ...message, path: `${base}/{model}:streamRawPredict`, stream: true },
    ];
  },
);
