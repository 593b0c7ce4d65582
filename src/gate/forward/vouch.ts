// What vouches for a request upstream where its caller does not: the shape of it, and what of the caller's is dropped for it.
import { CREDENTIAL_HEADERS } from '../../exchange/index.ts';

/** As it would be sent. */
export interface PlainRequest {
  readonly method: string;
  /** With the escapes that stand in it; AWS's canonical form escapes them once more. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Gives the headers to send instead. @throws PosternError POSTERN_E_CREDENTIALS when there is nothing to vouch with. */
export type Vouch = (request: PlainRequest) => Record<string, string>;

const CALLERS: ReadonlySet<string> = new Set([
  ...CREDENTIAL_HEADERS,
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
]);

/** Everything that the caller vouched with goes, in whichever header it came. */
export const dropCallers = (headers: PlainRequest['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !CALLERS.has(name)));
