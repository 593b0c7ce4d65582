// Of undici, a pool and what its requests fail with. The package's door loads fetch, WebSocket, caches and mocks as well:
// 60 ms and 13 MiB at every start, for what nothing here uses. The version is pinned, and every test of forwarding passes here.
import errors from 'undici/lib/core/errors.js';
import Pool from 'undici/lib/dispatcher/pool.js';

export type { Dispatcher } from 'undici';
export { errors, Pool };
