// What a sidecar is to do in; its whole configuration as environment variables, each one JSON, out.
import type { InjectionSettings } from '../../config/index.ts';
import type { InterceptionMode } from '../../exchange/index.ts';
import type { Credentials } from './credentials.ts';
import { PATHS, PORTS } from './names.ts';
import { needsTrust } from './variables.ts';

export interface SidecarPlan {
  readonly settings: InjectionSettings;
  readonly modes: readonly InterceptionMode[];
  readonly credentials: Credentials | null;
  /** Of the pod. */
  readonly namespace: string;
}

export function settingsFor({
  settings,
  modes,
  credentials,
  namespace,
}: SidecarPlan): Readonly<Record<string, string>> {
  const { upstreams, interception, ...others } = settings.sidecar.written;
  const sections = {
    listen: listenIn(modes),
    upstreams: withCredentials(upstreams, credentials),
    ...(interception === undefined && !needsTrust(modes)
      ? {}
      : { interception: { ...interception, ...(needsTrust(modes) ? TRUST : {}) } }),
    ...others,
  };
  return Object.fromEntries([
    ...Object.entries(sections).map(([name, value]) => [variable(name), escape(JSON.stringify(value))]),
    [variable('policy'), JSON.stringify(policyIn(settings, namespace))],
  ]) as Record<string, string>;
}

const variable = (name: string): string => `POSTERN__${name.toUpperCase()}`;

/** The kubelet reads `$(NAME)` as another variable. */
const escape = (text: string): string => text.replaceAll('$', () => '$$');

const TRUST = { trust_directory: PATHS.trust, key_file: `${PATHS.keys}/authority.pem` };

const at = (port: number): string => `127.0.0.1:${String(port)}`;

/** The kubelet asks for health at the pod's own address. */
const listenIn = (modes: readonly InterceptionMode[]): object => ({
  http: at(PORTS.http),
  admin: `0.0.0.0:${String(PORTS.admin)}`,
  ...Object.fromEntries(
    (['proxy', 'hosts', 'redirect'] as const)
      .filter((mode) => modes.includes(mode))
      .map((mode) => [mode, at(PORTS[mode])]),
  ),
});

const withCredentials = (
  upstreams: Readonly<Record<string, object>>,
  credentials: Credentials | null,
): object =>
  Object.fromEntries(
    Object.entries(upstreams).map(([name, upstream]) => [
      name,
      credentials?.upstreams.includes(name) === true
        ? { ...upstream, credential: { file: `${PATHS.credentials}/${name}` } }
        : upstream,
    ]),
  );

const policyIn = ({ service, namespace, signatureKeysOf }: InjectionSettings, ofPod: string): object => ({
  directory: `${PATHS.state}/policy`,
  namespace: '$(POD_NAMESPACE)',
  ...(signatureKeysOf && {
    signature: { keys: signatureKeysOf(ofPod), state_file: `${PATHS.state}/serial.json` },
  }),
  controller: {
    url: `https://${service}.${namespace}.svc:8444`,
    token_file: `${PATHS.identity}/token`,
    ca_file: `${PATHS.identity}/ca.pem`,
    seed_directory: PATHS.bundle,
    candidate_directory: `${PATHS.state}/candidate`,
  },
});
