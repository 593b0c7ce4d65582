// A readable body in; all of its bytes out, within a limit of size and of time.
import type { Readable } from 'node:stream';
import { PosternError, type FailureCode } from '../../exchange/index.ts';

export interface BodyLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
  /** What it means that the body is too large or late: the caller's doing, or the upstream's. */
  readonly tooLarge: FailureCode;
  readonly tooLate: FailureCode;
  /** Whether there is room for so many bytes of it in memory. */
  readonly cover: (size: number) => boolean;
}

/** @throws PosternError with the code of the limit that was passed; whatever the stream itself failed with. */
export function readBody(source: Readable, limits: BodyLimits): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => fail(new PosternError(limits.tooLate)), limits.timeoutMs);
  const fail = (error: Error): void => {
    clearTimeout(timer);
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
    clearTimeout(timer);
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size));
  });
  return promise;
}
