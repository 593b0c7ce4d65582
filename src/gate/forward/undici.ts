// Of undici, a pool and what its requests fail with. The package's door loads fetch, WebSocket, caches and mocks as well:
// 60 ms and 13 MiB at every start, for what nothing here uses. The version is pinned, and every test of forwarding passes here.
import type { Dispatcher } from 'undici';
import requestOf from 'undici/lib/api/api-request.js';
import errors from 'undici/lib/core/errors.js';
import Pool from 'undici/lib/dispatcher/pool.js';

export type { Dispatcher } from 'undici';
export { errors, Pool };

/** The door hangs it on the pool as a method. */
export const sendOn = (pool: Pool, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> =>
  requestOf.call(pool, options);
