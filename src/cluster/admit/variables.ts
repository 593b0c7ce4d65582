// How connections come to the sidecar in; the variables that lead a container's clients there, save those it sets itself, out.
import type { InjectionSettings } from '../../config/index.ts';
import type { InterceptionMode } from '../../exchange/index.ts';
import { LOOPBACK_HOSTS, pointersTo, PROXY_VARIABLES, trustVariables } from '../../lead/index.ts';
import { listAt, textAt } from './json.ts';
import { PATHS, PORTS } from './names.ts';
import type { Container } from './pod.ts';

/** All of one group, or where a container has set one of them none. */
export type Group = Readonly<Record<string, string>>;

export interface Led {
  readonly added: Group;
  /** Names of those that the container sets itself. */
  readonly left: readonly string[];
}

/** What clouds tell machines about themselves, and the API server. */
const BESIDES = ['169.254.169.254', 'fd00:ec2::254', '$(KUBERNETES_SERVICE_HOST)'];

export function groupsFor(
  modes: readonly InterceptionMode[],
  { cluster, sidecar }: InjectionSettings,
): readonly Group[] {
  return [
    ...(modes.includes('env') ? baseUrls(sidecar) : []),
    ...(modes.includes('proxy') ? proxyGroups(cluster) : []),
    ...(needsTrust(modes) ? trustGroups() : []),
  ];
}

/** Where TLS is ended for hosts that applications call by their own names. */
export const needsTrust = (modes: readonly InterceptionMode[]): boolean =>
  modes.some((mode) => mode !== 'env');

const baseUrls = ({ upstreams }: InjectionSettings['sidecar']): readonly Group[] =>
  pointersTo(upstreams).map(({ variable, path }) => ({
    [variable]: `http://127.0.0.1:${String(PORTS.http)}${path}`,
  }));

function proxyGroups({ domain, ranges }: InjectionSettings['cluster']): readonly Group[] {
  const url = `http://127.0.0.1:${String(PORTS.proxy)}`;
  const besides = [...LOOPBACK_HOSTS, '.svc', `.${domain}`, ...ranges, ...BESIDES].join(',');
  return [
    {
      ...Object.fromEntries(PROXY_VARIABLES.map((name) => [name, url])),
      NODE_USE_ENV_PROXY: '1',
    },
    { NO_PROXY: besides, no_proxy: besides },
  ];
}

const trustGroups = (): readonly Group[] =>
  Object.entries(trustVariables(PATHS.trust)).map(([name, value]) => ({ [name]: value }));

export function leadContainer({ raw }: Container, groups: readonly Group[]): Led {
  const set = new Set(listAt(raw, 'env').flatMap((entry) => textAt(entry, 'name') ?? []));
  const isFree = (group: Group): boolean => Object.keys(group).every((name) => !set.has(name));
  return {
    added: Object.assign({}, ...groups.filter(isFree)) as Group,
    left: groups.flatMap((group) => Object.keys(group)).filter((name) => set.has(name)),
  };
}
