// The head of a request and its operation in; the certainty that the body, as it is announced, is one that the operation has, out.
import { PosternError, type Operation } from '../../exchange/index.ts';
import { isCoding } from './unpack.ts';

type Headers = ReadonlyMap<string, string>;

/** @throws PosternError unless the head announces the kind of body that the operation has. */
export function requireBody(headers: Headers, { body = 'json', isUntyped }: Operation): void {
  if (body === 'none') return requireNone(headers);
  const coding = codingOf(headers);
  if (coding !== 'identity' && !isCoding(coding))
    throw new PosternError('POSTERN_E_UNSUPPORTED_ENCODING', 'Send one of gzip, br, zstd, deflate, or none.');
  const isBytes = isUntyped === true && UNTYPED.has(headers.get('content-type') ?? '');
  if (body === 'json' && !isBytes) requireJson(headers);
}

/** As announced; nothing where it is not, or where it is more than will be read anyway. */
export function announcedLength(headers: Headers, most: number): number {
  const length = Number(headers.get('content-length') ?? 0);
  return length > most ? 0 : length;
}

/** What SDKs say of a body that they were given as bytes. */
const UNTYPED = new Set(['', 'application/octet-stream']);

export const codingOf = (headers: Headers): string => headers.get('content-encoding') ?? 'identity';

function requireNone(headers: Headers): void {
  if ((headers.get('content-length') ?? '0') !== '0' || headers.has('transfer-encoding'))
    throw new PosternError('POSTERN_E_BAD_REQUEST', 'This operation has no body.');
}

/** @throws PosternError POSTERN_E_UNSUPPORTED_ENCODING unless the body is announced as plain UTF-8 JSON. */
function requireJson(headers: Headers): void {
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(headers.get('content-type') ?? '')) {
    throw new PosternError('POSTERN_E_UNSUPPORTED_ENCODING', 'Send content-type: application/json.');
  }
}
