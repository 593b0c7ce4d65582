// The body of a request in; all of its bytes out, within a limit of size, of time and of pace.
import { IncomingMessage } from 'node:http';
import { PosternError } from '../../exchange/index.ts';
import type { Arrival } from './reply.ts';

export interface BodyLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
  /** Whether there is room for so many bytes of it in memory. */
  readonly cover: (size: number) => boolean;
}

/** What goes on more slowly than this, all in all, is late: nobody on the same machine sends so but to keep us waiting. */
const PACE = { graceMs: 10_000, bytesPerSecond: 1_024 };

const LOOK_MS = 1_000;

/** @throws PosternError with the code of the limit that was passed; whatever the stream itself failed with. */
export async function readBody(source: Arrival, limits: BodyLimits): Promise<Buffer> {
  // Most are small and there by now: nothing has to be waited for, nor watched.
  const isThere = source instanceof IncomingMessage && source.complete && source.errored === null;
  if (!isThere) return awaitBody(source, limits);
  const body = (source.read() as Buffer | null) ?? Buffer.alloc(0);
  const excess = findExcess(body.length, limits);
  if (excess !== null) throw excess;
  return body;
}

function findExcess(size: number, { bytes, cover }: BodyLimits): PosternError | null {
  if (size > bytes) return new PosternError('POSTERN_E_BODY_TOO_LARGE', `Limit: ${bytes} bytes.`);
  return cover(size) ? null : new PosternError('POSTERN_E_OVERLOADED');
}

function awaitBody(source: Arrival, limits: BodyLimits): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = watchTime(
    limits,
    () => size,
    () => fail(new PosternError('POSTERN_E_BODY_TIMEOUT')),
  );
  const fail = (error: Error): void => {
    clearInterval(timer);
    source.off('data', take).pause();
    reject(error);
  };
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    const excess = findExcess(size, limits);
    if (excess === null) chunks.push(chunk);
    else fail(excess);
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

function watchTime({ timeoutMs }: BodyLimits, sizeSoFar: () => number, tooLate: () => void): NodeJS.Timeout {
  const startMs = performance.now();
  const look = (): void => {
    const passedMs = performance.now() - startMs;
    const isSlow = passedMs >= PACE.graceMs && sizeSoFar() < (passedMs / 1_000) * PACE.bytesPerSecond;
    if (isSlow || passedMs >= timeoutMs) tooLate();
  };
  return setInterval(look, Math.min(LOOK_MS, timeoutMs));
}
