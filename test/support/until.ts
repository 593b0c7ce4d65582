// A condition in; back as soon as it holds, or an error that says what did not happen in time.
import { setTimeout as sleep } from 'node:timers/promises';

/** A condition that throws does not hold yet. `what` may be told late, when there is more to say. */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 60_000,
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await isTrue(holds))) {
    if (performance.now() > endMs) {
      throw new Error(`Not within ${String(deadlineMs)} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(5);
  }
}

async function isTrue(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}
