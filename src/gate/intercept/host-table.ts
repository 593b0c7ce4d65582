// Configured upstreams in; which hosts are under policy, and at which ports, out.
import type { Authority, Upstream } from '../../exchange/index.ts';
import { parseAuthority } from '../../lib/host.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** `other_port`: the host is under policy, and was never meant to be spoken to there. */
export type Standing = 'judged' | 'other_port' | 'elsewhere';

export interface HostTable {
  readonly hosts: readonly string[];
  standingOf(authority: Authority): Standing;
}

export function authoritiesOf({ url, hosts = [] }: Upstream): readonly Authority[] {
  const own = parseAuthority(url.host, DEFAULT_PORTS[url.protocol] ?? 0);
  return own === null ? hosts : [own, ...hosts];
}

export function createHostTable(upstreams: Iterable<Upstream>): HostTable {
  const ports = new Map<string, Set<number>>();
  for (const { host, port } of [...upstreams].flatMap(authoritiesOf))
    ports.set(host, (ports.get(host) ?? new Set()).add(port));
  return {
    hosts: [...ports.keys()],
    standingOf: ({ host, port }) => {
      const known = ports.get(host);
      if (known === undefined) return 'elsewhere';
      return known.has(port) ? 'judged' : 'other_port';
    },
  };
}
