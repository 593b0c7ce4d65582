// Upstreams and a pod in; the names that are to lead to loopback, and the pod's own that lead elsewhere, out.
import { isIP } from 'node:net';
import type { InjectionSettings } from '../../config/index.ts';
import { authoritiesOf } from '../../lead/index.ts';
import { listAt, textAt, textsAt, type Json } from './json.ts';
import { PORTS } from './names.ts';
import type { Pod } from './pod.ts';

const LOOPBACK = ['127.0.0.1', '::1'];

/** Names that are spoken to at the port where the sidecar listens for them. */
export const hostsUnderPolicy = ({ sidecar }: InjectionSettings): readonly string[] => [
  ...new Set(
    sidecar.upstreams
      .flatMap(authoritiesOf)
      .filter(({ host, port }) => port === PORTS.hosts && isIP(host) === 0)
      .map(({ host }) => host),
  ),
];

/** Whom a sidecar and its application speak to by name: upstreams at any port, and the controller. */
export const trustedHosts = ({
  sidecar,
  service,
  namespace,
  cluster,
}: InjectionSettings): readonly string[] => [
  ...sidecar.upstreams.flatMap(authoritiesOf).map(({ host }) => host),
  ...['', '.svc', `.svc.${cluster.domain}`].map((end) => `${service}.${namespace}${end}`),
];

export const aliasesOf = (hosts: readonly string[]): readonly object[] =>
  hosts.length === 0 ? [] : LOOPBACK.map((ip) => ({ ip, hostnames: hosts }));

export const isAliasOf = (hosts: readonly string[], alias: Json): boolean =>
  LOOPBACK.includes(textAt(alias, 'ip') ?? '') && textsAt(alias, 'hostnames').join() === hosts.join();

/** Of those, what the pod itself leads somewhere. */
export function ownAliases({ spec }: Pod, hosts: readonly string[]): readonly string[] {
  const own = new Set(
    listAt(spec, 'hostAliases')
      .flatMap((alias) => textsAt(alias, 'hostnames'))
      .map((name) => name.toLowerCase()),
  );
  return [...new Set(hosts)].filter((host) => own.has(host));
}
