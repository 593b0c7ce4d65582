// How often in a row something failed in; how long to wait before it is tried again, out. Never all at the same moment.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** From half of it to all of it. */
export const jitter = (ms: number): number => ms * (0.5 + Math.random() / 2);

export const backoffMs = ({ firstMs, longestMs }: Backoff, failures: number): number =>
  jitter(Math.min(longestMs, firstMs * 2 ** (failures - 1)));

/** Earlier when the signal ends it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
