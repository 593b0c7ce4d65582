// How a streaming answer waits for a detector: as its author wrote it in, checked and comparable out.

/**
 * `strict`: nothing of a lane goes before all of it was judged. `bounded`: what may still become a match is held.
 * `lag`: of what may still become a match, so many UTF-16 units may have gone when it does.
 */
export type StreamWait =
  | { readonly kind: 'strict' }
  | { readonly kind: 'bounded' }
  | { readonly kind: 'lag'; readonly units: number };

export const BOUNDED: StreamWait = { kind: 'bounded' };

const LONGEST_LAG = 4_096;
const LAG = /^lag ([1-9]\d{0,3})$/;

const rankOf = (wait: StreamWait): number => {
  if (wait.kind === 'lag') return wait.units;
  return wait.kind === 'bounded' ? 0 : -1;
};

/** A lane has one pace: that of the strictest detector that is concerned with it. */
export const strictestOf = (waits: readonly StreamWait[]): StreamWait =>
  waits.reduce((strictest, wait) => (rankOf(wait) < rankOf(strictest) ? wait : strictest));

/** `strict`, `bounded`, or `lag 64`: one word, so that who replaces it replaces all of it. */
export const readWait = (
  stream: unknown,
  complain: (key: string, message: string) => undefined,
): StreamWait | undefined => {
  if (stream === undefined || stream === 'bounded') return BOUNDED;
  if (stream === 'strict') return { kind: 'strict' };
  const units = typeof stream === 'string' ? Number(LAG.exec(stream)?.[1]) : Number.NaN;
  return units <= LONGEST_LAG
    ? { kind: 'lag', units }
    : complain('stream', `must be "strict", "bounded", or "lag N" with N from 1 to ${String(LONGEST_LAG)}`);
};
