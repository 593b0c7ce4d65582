// A configured upstream in; the hosts that are under policy for it, with their ports, out.
import type { Authority, Upstream } from '../exchange/index.ts';
import { parseAuthority } from '../lib/host.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

export function authoritiesOf({ url, hosts = [] }: Upstream): readonly Authority[] {
  const own = parseAuthority(url.host, DEFAULT_PORTS[url.protocol] ?? 0);
  return own === null ? hosts : [own, ...hosts];
}
