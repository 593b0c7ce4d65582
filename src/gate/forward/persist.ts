// An attempt to reach an upstream in; its outcome, after one more attempt where nothing was sent yet, and none at all where it has just been in vain, out.
import { setTimeout as pause } from 'node:timers/promises';
import { PosternError } from '../../exchange/index.ts';
import type { Presence } from '../../lib/presence.ts';

/** Nothing was sent when it comes to one of these: there is no connection. Whatever else goes wrong, the upstream may have acted. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const PAUSE_MS = 200;

/** So many exchanges in a row that were not connected, ... */
const IN_VAIN = 5;
/** ... and for so long nobody waits for another. */
const REST_MS = 5_000;

export type Persist = <T>(attempt: () => Promise<T>, caller: Presence) => Promise<T>;

/** For one upstream. `now` in milliseconds. @throws what the last attempt throws; PosternError while it rests. */
export function createPersistence(upstream: string, now = (): number => performance.now()): Persist {
  let inVain = 0;
  let restsUntilMs = 0;
  const note = (isConnected: boolean): void => {
    inVain = isConnected ? 0 : inVain + 1;
    if (inVain >= IN_VAIN) restsUntilMs = now() + REST_MS;
  };
  return async (attempt, caller) => {
    if (now() < restsUntilMs) throw resting(upstream);
    try {
      const answer = await attemptTwice(attempt, caller);
      note(true);
      return answer;
    } catch (error) {
      note(!isNotConnected(error));
      throw error;
    }
  };
}

async function attemptTwice<T>(attempt: () => Promise<T>, caller: Presence): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isNotConnected(error) || caller.hasGone) throw error;
    await pause(PAUSE_MS, undefined, { signal: caller.signal });
    return attempt();
  }
}

const isNotConnected = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && NOT_CONNECTED.has(error.code);

const resting = (upstream: string): PosternError =>
  new PosternError('POSTERN_E_UPSTREAM_UNREACHABLE', `Upstream: ${upstream} (not tried again yet).`);
