// Configured upstreams in; which hosts are under policy, and at which ports, out.
import type { Authority, Upstream } from '../../exchange/index.ts';
import { authoritiesOf } from '../../lead/index.ts';

/** `other_port`: the host is under policy, and was never meant to be spoken to there. */
export type Standing = 'judged' | 'other_port' | 'elsewhere';

export interface HostTable {
  readonly hosts: readonly string[];
  standingOf(authority: Authority): Standing;
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
