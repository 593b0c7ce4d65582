// What is done, as lines with the time each took.
import { performance } from 'node:perf_hooks';

const begun = performance.now();
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

export const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Runs one step; the text it returns is said beside its name. */
export async function step(name: string, work: () => Promise<string | void>): Promise<void> {
  const since = performance.now();
  try {
    const detail = await work();
    say(`ok    ${seconds(since).padStart(7)}  ${name}${detail === undefined ? '' : `: ${detail}`}`);
  } catch (error) {
    say(`FAIL  ${seconds(since).padStart(7)}  ${name}`);
    throw error;
  }
}

export const total = (): string => seconds(begun);

/** Asks until the answer will do. @throws the last reason why it did not, when time is up. */
export async function until(limitMs: number, attempt: () => Promise<void>): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
