// The directory of the trust files in; the environment variables by which clients of many kinds find them, out.
import { join } from 'node:path';

export const TRUST_FILES = { own: 'ca.pem', bundle: 'bundle.pem', store: 'trust.p12' } as const;

/** What adds to a client's own trust gets our certificate alone; what replaces it, the bundle. */
const ADDING = ['NODE_EXTRA_CA_CERTS', 'DENO_CERT'];
const REPLACING = [
  'SSL_CERT_FILE', // OpenSSL, Python, Go, Ruby, .NET, rustls with native roots
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'AWS_CA_BUNDLE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  'PIP_CERT',
  'GIT_SSL_CAINFO',
];

export function trustVariables(directory: string): Readonly<Record<string, string>> {
  const point = (names: readonly string[], file: string): string[][] =>
    names.map((name) => [name, join(directory, file)]);
  const store = join(directory, TRUST_FILES.store);
  return {
    ...(Object.fromEntries([
      ...point(ADDING, TRUST_FILES.own),
      ...point(REPLACING, TRUST_FILES.bundle),
    ]) as Record<string, string>),
    JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStoreType=PKCS12`,
  };
}
