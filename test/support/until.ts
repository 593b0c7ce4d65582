// A condition in; back as soon as it holds, or an error that says what did not happen in time.
import { setTimeout as sleep } from 'node:timers/promises';

export async function until(what: string, holds: () => boolean, deadlineMs = 8000): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`Not within ${String(deadlineMs)} ms: ${what}`);
    await sleep(5);
  }
}
