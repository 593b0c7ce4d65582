// What a pod wishes and where it is in; the rules by which its kernel leads connections to the sidecar, or why there are none, out.
import type { InjectionSettings } from '../../config/index.ts';
import { authoritiesOf, renderRules } from '../../lead/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { PORTS } from './names.ts';
import type { Wishes } from './wishes.ts';

const ALWAYS_LED = [443, 80];

export interface Redirected {
  readonly settings: InjectionSettings;
  readonly wishes: Pick<Wishes, 'includedPorts' | 'excludedPorts' | 'excludedNetworks'>;
  readonly proxyPorts: readonly number[];
  readonly uid: number;
}

export function rulesFor({ settings, wishes, proxyPorts, uid }: Redirected): Result<string, string> {
  const { cluster, sidecar } = settings;
  const ports = new Set([
    ...ALWAYS_LED,
    ...sidecar.upstreams.flatMap(authoritiesOf).map(({ port }) => port),
    ...proxyPorts,
    ...wishes.includedPorts,
  ]);
  const led = [...ports].filter((port) => !wishes.excludedPorts.includes(port));
  if (led.length === 0) return err('every port is excluded: nothing would be led to Postern');
  const rules = renderRules({
    uid,
    listenPort: PORTS.redirect,
    ports: led,
    excluded: [...new Set([...cluster.ranges, ...wishes.excludedNetworks])],
    resolvers: cluster.resolvers,
    isStrict: sidecar.isStrict,
  });
  return ok(rules);
}
