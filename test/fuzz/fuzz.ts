// A target and a time in; what was tried, what of it was new, and what was mistreated, out.
import { Coverage } from './coverage.ts';
import { createRandom, mutate, type Random } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

export interface FuzzRun {
  readonly tried: number;
  /** Stretches of our source that ran. */
  readonly covered: number;
  /** Inputs that reached something which no other had reached. */
  readonly found: readonly Buffer[];
  readonly failure: { readonly input: Buffer; readonly error: Error } | null;
}

/** Asking for the coverage takes as long as many inputs do. */
const BATCH = 48;

export function fuzz(
  target: FuzzTarget,
  known: readonly Buffer[],
  { milliseconds, seed }: { milliseconds: number; seed: number },
): FuzzRun {
  const random = createRandom(seed);
  const coverage = new Coverage();
  const pool = [...target.seeds, ...known];
  const found: Buffer[] = [];
  let tried = 0;
  const stop = (failure: FuzzRun['failure']): FuzzRun => ({ tried, covered: coverage.size, found, failure });
  for (const input of pool) {
    const error = attempt(target, input);
    if (error !== null) return stop({ input, error });
  }
  coverage.takeNew();
  for (const endMs = performance.now() + milliseconds; performance.now() < endMs;) {
    const batch = Array.from({ length: BATCH }, () => next(target, pool, random));
    for (const input of batch) {
      tried += 1;
      const error = attempt(target, input);
      if (error !== null) return stop({ input, error });
    }
    if (coverage.takeNew() === 0) continue;
    // One of them, or several: each may lead on.
    found.push(...batch);
    pool.push(...batch);
  }
  return stop(null);
}

const next = (target: FuzzTarget, pool: readonly Buffer[], random: Random): Buffer =>
  mutate(pool[random(pool.length)] ?? Buffer.alloc(0), { words: target.words, others: pool }, random);

export function attempt(target: FuzzTarget, input: Buffer): Error | null {
  try {
    target.run(input);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The fewest of the inputs that reach together what all of them reach: those that add to what came before. */
export function distil(target: FuzzTarget, known: readonly Buffer[], inputs: readonly Buffer[]): Buffer[] {
  const coverage = new Coverage();
  for (const input of [...target.seeds, ...known]) attempt(target, input);
  coverage.takeNew();
  return inputs
    .toSorted((a, b) => a.length - b.length)
    .filter((input) => {
      attempt(target, input);
      return coverage.takeNew() > 0;
    });
}

/** Pieces are cut out as long as it goes on failing. */
export function shrink(target: FuzzTarget, input: Buffer): Buffer {
  let smallest = input;
  for (let size = smallest.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= smallest.length;) {
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (attempt(target, shorter) === null) at += size;
      else smallest = shorter;
    }
  }
  return smallest;
}
