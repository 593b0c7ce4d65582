// What is stored to be worked off later: files, and batches of the requests in them.
import type { Operation } from '../../../exchange/index.ts';

const PAGES = ['', '?limit={limit}', '?after={after}&limit={limit}', '?limit={limit}&after={after}'];

const file = { dialect: 'openai-files', name: 'files', body: 'none', stream: false } as const;
const batch = { ...file, dialect: 'openai-batches', name: 'batches' } as const;

/** Everything in a file of requests is judged when it comes, and the results when they go. */
export const FILES: readonly Operation[] = [
  { ...file, body: 'form', method: 'POST', path: '/v1/files' },
  ...PAGES.map((page) => ({ ...file, method: 'GET', path: `/v1/files${page}` }) as const),
  { ...file, method: 'GET', path: '/v1/files/{file}' },
  { ...file, method: 'DELETE', path: '/v1/files/{file}' },
  {
    ...file,
    dialect: 'openai-file-content',
    answer: 'file',
    method: 'GET',
    path: '/v1/files/{file}/content',
  },
  { ...batch, body: 'json', method: 'POST', path: '/v1/batches' },
  ...PAGES.map((page) => ({ ...batch, method: 'GET', path: `/v1/batches${page}` }) as const),
  { ...batch, method: 'GET', path: '/v1/batches/{batch}' },
  { ...batch, method: 'POST', path: '/v1/batches/{batch}/cancel' },
];
