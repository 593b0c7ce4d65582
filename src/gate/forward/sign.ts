// A request to AWS, as it is sent, in; its headers with a signature of ours (SigV4) over the edited body out.
import aws4 from 'aws4';
import type { ConfiguredUpstream } from '../../config/index.ts';
import { CredentialsFile } from './aws-credentials.ts';

export interface SignedRequest {
  readonly method: string;
  /** With the escapes that stand in it; AWS's canonical form escapes them once more. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Sign = (request: SignedRequest) => Record<string, string>;

/** Hops may write these anew. */
const UNSIGNED = new Set(['user-agent', 'accept', 'accept-encoding']);

/** What the caller vouched with, for another host and another body. */
const isCallers = (name: string): boolean =>
  ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'].includes(name);

/** Null where requests go on with the credentials that they came with. @throws PosternError POSTERN_E_CREDENTIALS when there are none. */
export function openSigner({ url, sign }: ConfiguredUpstream): Sign | null {
  if (sign === null) return null;
  const file = new CredentialsFile(sign.credentialsFile);
  file.read();
  return ({ headers, ...request }) => {
    const own = Object.entries(headers).filter(([name]) => !isCallers(name));
    const { headers: signed = {} } = aws4.sign(
      {
        ...request,
        host: url.host,
        service: 'bedrock',
        region: sign.region,
        headers: { host: url.host, ...Object.fromEntries(own.filter(([name]) => !UNSIGNED.has(name))) },
      },
      file.read(),
    );
    return lowerCase({ ...Object.fromEntries(own.filter(([name]) => UNSIGNED.has(name))), ...signed });
  };
}

const lowerCase = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
