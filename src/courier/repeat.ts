// Something to be done again and again in; it is, after a failure later and later each time, until the signal ends it.
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE = { firstMs: 500, longestMs: 30_000 } as const;

export interface Repeating {
  readonly signal: AbortSignal;
  readonly onFailure: (detail: string) => void;
}

export async function repeat(round: () => Promise<void>, { signal, onFailure }: Repeating): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      await round();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onFailure(error instanceof Error ? error.message : 'unknown');
      await pauseAfter(failures, signal);
    }
  }
}

/** From half of it to all of it, so that pods do not come together. */
export async function pauseAfter(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(PAUSE.longestMs, PAUSE.firstMs * 2 ** (failures - 1));
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}
