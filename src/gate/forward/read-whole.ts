// The body of an answer in; all of its bytes out, within a limit of size and of time.
import { PosternError } from '../../exchange/index.ts';
import type { AnswerBody } from './answer-body.ts';

export interface WholeLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
  /** Whether there is room for so many bytes of it in memory. */
  readonly cover: (size: number) => boolean;
}

/** @throws PosternError POSTERN_E_UPSTREAM_TIMEOUT, POSTERN_E_UPSTREAM_RESPONSE or POSTERN_E_OVERLOADED. */
export async function readWhole(body: AnswerBody, limits: WholeLimits): Promise<Buffer> {
  // Most are there by now.
  if (body.hasEnded) return collect(body, limits);
  const late = (): void => body.fail(new PosternError('POSTERN_E_UPSTREAM_TIMEOUT'));
  const timer = setTimeout(late, limits.timeoutMs);
  return collect(body, limits).finally(() => clearTimeout(timer));
}

async function collect(body: AnswerBody, { bytes, cover }: WholeLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (let chunk = await body.read(); chunk !== null; chunk = await body.read()) {
    size += chunk.length;
    if (size > bytes) throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', `Limit: ${bytes} bytes.`);
    if (!cover(size)) throw new PosternError('POSTERN_E_OVERLOADED');
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}
