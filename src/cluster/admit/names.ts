// What is ours in a pod and in its namespace, by name.

export const PREFIX = 'postern.dev/';

/** Also of `alpha.postern.dev/`, and of other spellings of whose key it is. */
const OURS = /^([a-z0-9-]+\.)*postern\.dev\//i;
export const isOurs = (key: string): boolean => OURS.test(key);

export const STATUS = `${PREFIX}status`;
export const INJECTED = `${PREFIX}injected`;
export const PROXY_VERSION = `${PREFIX}proxy-version`;

export const SIDECAR = 'postern';
export const INIT = 'postern-init';

export const VOLUMES = {
  state: 'postern-state',
  bundle: 'postern-bundle',
  identity: 'postern-identity',
  trust: 'postern-trust',
  keys: 'postern-keys',
  credentials: 'postern-credentials',
} as const;

export const PATHS = {
  state: '/var/lib/postern',
  bundle: '/etc/postern/bundle',
  identity: '/var/run/postern/identity',
  trust: '/run/postern/trust',
  keys: '/run/postern/keys',
  credentials: '/var/run/postern/credentials',
} as const;

/** Below it ports need a capability. */
export const PORT_START = 'net.ipv4.ip_unprivileged_port_start';

export const PORTS = { http: 7411, proxy: 7412, redirect: 7413, hosts: 443, admin: 7490 } as const;
