// The body of an answer in, its bytes as they come out; what breaks it is named.
import { PosternError } from '../../exchange/index.ts';
import { errors } from './undici.ts';
import type { UpstreamAnswer } from './upstreams.ts';

/** @throws PosternError POSTERN_E_UPSTREAM_TIMEOUT or POSTERN_E_UPSTREAM_RESPONSE when it does not come to its end. */
export async function* readAnswer({ body }: UpstreamAnswer): AsyncGenerator<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof errors.BodyTimeoutError)
      throw new PosternError('POSTERN_E_UPSTREAM_TIMEOUT', undefined, { cause: error });
    throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', 'It broke off.', { cause: error });
  }
}
