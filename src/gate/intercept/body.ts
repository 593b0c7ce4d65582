// A readable body in; all of its bytes out, within a limit of size and of time.
import type { Readable } from 'node:stream';
import { PosternError, type FailureCode } from '../../exchange/index.ts';

export interface BodyLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
  /** Without it, at whatever pace. */
  readonly pace?: Pace;
  /** What it means that the body is too large or late: the caller's doing, or the upstream's. */
  readonly tooLarge: FailureCode;
  readonly tooLate: FailureCode;
  /** Whether there is room for so many bytes of it in memory. */
  readonly cover: (size: number) => boolean;
}

/** What goes on more slowly than this, all in all, is late. */
export interface Pace {
  readonly graceMs: number;
  readonly bytesPerSecond: number;
}

/** Nobody on the same machine sends so slowly but to keep us waiting. */
export const CALLERS_PACE: Pace = { graceMs: 10_000, bytesPerSecond: 1_024 };

const LOOK_MS = 1_000;

/** @throws PosternError with the code of the limit that was passed; whatever the stream itself failed with. */
export function readBody(source: Readable, limits: BodyLimits): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = watchTime(
    limits,
    () => size,
    () => fail(new PosternError(limits.tooLate)),
  );
  const fail = (error: Error): void => {
    clearInterval(timer);
    source.off('data', take).pause();
    reject(error);
  };
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limits.bytes) return fail(new PosternError(limits.tooLarge, `Limit: ${limits.bytes} bytes.`));
    if (!limits.cover(size)) return fail(new PosternError('POSTERN_E_OVERLOADED'));
    chunks.push(chunk);
  };
  source.on('data', take);
  source.once('error', fail);
  source.once('close', () => {
    if (!source.readableEnded) fail(new Error('the body ended early'));
  });
  source.once('end', () => {
    clearInterval(timer);
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size));
  });
  return promise;
}

function watchTime(
  { timeoutMs, pace }: BodyLimits,
  sizeSoFar: () => number,
  tooLate: () => void,
): NodeJS.Timeout {
  const startMs = performance.now();
  const look = (): void => {
    const passedMs = performance.now() - startMs;
    const isSlow =
      pace !== undefined &&
      passedMs >= pace.graceMs &&
      sizeSoFar() < (passedMs / 1_000) * pace.bytesPerSecond;
    if (isSlow || passedMs >= timeoutMs) tooLate();
  };
  return setInterval(look, Math.min(LOOK_MS, timeoutMs));
}
