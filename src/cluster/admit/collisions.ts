// A pod without anything of ours in; what of it stands where something of ours has to, or null, out.
import { listAt, textAt } from './json.ts';
import { INIT, INJECTED, PATHS, PORTS, PROXY_VERSION, SIDECAR, STATUS, VOLUMES } from './names.ts';
import type { Container, Pod } from './pod.ts';

const OWN_CONTAINERS: readonly string[] = [SIDECAR, INIT];
const OWN_VOLUMES: readonly string[] = Object.values(VOLUMES);
const OWN_PORTS: readonly number[] = [PORTS.http, PORTS.proxy, PORTS.redirect, PORTS.admin];
const OWN_KEYS = [INJECTED, PROXY_VERSION, STATUS];

export function findCollision(pod: Pod): string | null {
  const key = OWN_KEYS.find((each) => Object.hasOwn({ ...pod.labels, ...pod.annotations }, each));
  if (key !== undefined) return `${key} is written by Postern alone, and this pod has no sidecar of it`;
  const named = pod.containers.find(({ name }) => OWN_CONTAINERS.includes(name));
  if (named !== undefined) return `a container is called ${named.name}, as Postern’s own are`;
  const volume = listAt(pod.spec, 'volumes').find((each) => OWN_VOLUMES.includes(textAt(each, 'name') ?? ''));
  if (volume !== undefined) return `a volume is called ${String(volume['name'])}, as Postern’s own are`;
  return pod.containers.map(problemOf).find((problem) => problem !== null) ?? null;
}

function problemOf({ name, raw }: Container): string | null {
  const mounts = listAt(raw, 'volumeMounts');
  // It names what comes into the pod only now: keys, and what the sidecar believes.
  const taken = mounts.map((mount) => textAt(mount, 'name') ?? '').find((each) => OWN_VOLUMES.includes(each));
  if (taken !== undefined) return `container ${name} mounts ${taken}, which is Postern’s own`;
  if (mounts.some((mount) => textAt(mount, 'mountPath') === PATHS.trust))
    return `container ${name} mounts something at ${PATHS.trust}, where trust files go`;
  const ports = listAt(raw, 'ports').map((port) => port['containerPort']);
  const port = OWN_PORTS.find((each) => ports.includes(each));
  return port === undefined ? null : `container ${name} listens on ${String(port)}, which is Postern’s port`;
}
