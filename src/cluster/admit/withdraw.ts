// A pod with a sidecar of ours in; the operations that take it out, with all that belongs to it, out.
import { Draft, type Before, type Operation } from './draft.ts';
import { isAliasOf } from './host-aliases.ts';
import { isObject, textAt } from './json.ts';
import { INIT, INJECTED, PROXY_VERSION, SIDECAR, STATUS, VOLUMES } from './names.ts';
import type { Pod } from './pod.ts';
import type { Status } from './status.ts';

const OWN_CONTAINERS: readonly string[] = [SIDECAR, INIT];
const OWN_VOLUMES: readonly string[] = Object.values(VOLUMES);
const OWN_KEYS: readonly string[] = [INJECTED, PROXY_VERSION, STATUS];

/** The status says which names are ours, and is not believed beyond names that we use. */
export function withdraw(pod: Pod, status: Status): readonly Operation[] {
  const draft = new Draft(pod.raw);
  const before = status.before ?? {};
  for (const container of pod.containers) {
    const names = (status.variables ?? [])
      .filter(({ containers }) => containers.includes(container.name))
      .flatMap((set) => set.names);
    dropNamed(draft, `${container.path}/env`, { names, before });
    dropNamed(draft, `${container.path}/volumeMounts`, { names: OWN_VOLUMES, before });
  }
  dropNamed(draft, '/spec/initContainers', { names: OWN_CONTAINERS, before });
  dropNamed(draft, '/spec/volumes', { names: OWN_VOLUMES, before });
  dropNamed(draft, '/spec/imagePullSecrets', { names: status.pullSecrets ?? [], before });
  dropNamed(draft, '/spec/securityContext/sysctls', { names: status.sysctls ?? [], before });
  if ((status.sysctls ?? []).length > 0) draft.sweep('/spec/securityContext', before);
  const { hosts = [] } = status;
  draft.drop('/spec/hostAliases', (alias) => isObject(alias) && isAliasOf(hosts, alias), before);
  draft.drop('/metadata/labels', (_value, key) => OWN_KEYS.includes(key), before);
  draft.drop('/metadata/annotations', (_value, key) => OWN_KEYS.includes(key), before);
  draft.sweep('/metadata', before);
  return draft.operations;
}

interface Named {
  readonly names: readonly string[];
  readonly before: Before;
}

function dropNamed(draft: Draft, path: string, { names, before }: Named): void {
  draft.drop(path, (each) => isObject(each) && names.includes(textAt(each, 'name') ?? ''), before);
}
