// A request to AWS, as it is sent, in; its headers with a signature of ours (SigV4) over the edited body out.
import aws4 from 'aws4';
import type { ConfiguredUpstream } from '../../config/index.ts';
import { parseCredentials } from './aws-credentials.ts';
import { dropCallers, type Vouch } from './vouch.ts';
import { WatchedFile } from './watched-file.ts';

/** Hops may write these anew. */
const UNSIGNED = new Set(['user-agent', 'accept', 'accept-encoding']);

/** Null where requests go on with the credentials that they came with. @throws PosternError POSTERN_E_CREDENTIALS when there are none. */
export function openSigner({ url, sign }: ConfiguredUpstream): Vouch | null {
  if (sign === null) return null;
  const file = new WatchedFile(sign.credentialsFile, parseCredentials);
  file.read();
  return ({ headers, ...request }) => {
    const own = Object.entries(dropCallers(headers));
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
