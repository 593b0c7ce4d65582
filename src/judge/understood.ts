// What a decoder gave in; its value out, or the failure that it is not to be understood.
import { PosternError, type FailureCode } from '../exchange/index.ts';
import { describeFault, type DecodeFault } from '../gate/decode/index.ts';
import type { Result } from '../lib/result.ts';

/** @throws PosternError with the code that says whose doing it is. */
export function understood<T>(decoded: Result<T, DecodeFault>, code: FailureCode): T {
  if (decoded.ok) return decoded.value;
  throw new PosternError(code, describeFault(decoded.error));
}
