// A pod with a sidecar of ours in; the operations that take it out, with all that belongs to it, out.
import { Draft, type Before, type Operation } from './draft.ts';
import { isAliasOf } from './host-aliases.ts';
import { isObject, textAt } from './json.ts';
import { INIT, INJECTED, PROXY_VERSION, SIDECAR, STATUS, VOLUMES } from './names.ts';
import type { Pod } from './pod.ts';
import type { Status } from './status.ts';

const OWN_CONTAINERS: ReadonlySet<string> = new Set([SIDECAR, INIT]);
const OWN_VOLUMES: ReadonlySet<string> = new Set(Object.values(VOLUMES));
const OWN_KEYS: readonly string[] = [INJECTED, PROXY_VERSION, STATUS];

/** The status says which names are ours, and is not believed beyond names that we use. */
export function withdraw(pod: Pod, status: Status): readonly Operation[] {
  const draft = new Draft(pod.raw);
  const before = status.before ?? {};
  const variables = variablesIn(status);
  for (const container of pod.containers) {
    const names = variables.get(container.name);
    if (names !== undefined) dropNamed(draft, `${container.path}/env`, { names, before });
    dropNamed(draft, `${container.path}/volumeMounts`, { names: OWN_VOLUMES, before });
  }
  dropNamed(draft, '/spec/initContainers', { names: OWN_CONTAINERS, before });
  dropNamed(draft, '/spec/volumes', { names: OWN_VOLUMES, before });
  dropNamed(draft, '/spec/imagePullSecrets', { names: new Set(status.pullSecrets), before });
  dropNamed(draft, '/spec/securityContext/sysctls', { names: new Set(status.sysctls), before });
  if ((status.sysctls ?? []).length > 0) draft.sweep('/spec/securityContext', before);
  const { hosts = [] } = status;
  draft.drop('/spec/hostAliases', (alias) => isObject(alias) && isAliasOf(hosts, alias), before);
  draft.drop('/metadata/labels', (_value, key) => OWN_KEYS.includes(key), before);
  draft.drop('/metadata/annotations', (_value, key) => OWN_KEYS.includes(key), before);
  draft.sweep('/metadata', before);
  return draft.operations;
}

/** Names by container. */
function variablesIn({ variables = [] }: Status): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { containers, names } of variables)
    for (const container of containers)
      found.set(container, new Set([...(found.get(container) ?? []), ...names]));
  return found;
}

interface Named {
  readonly names: ReadonlySet<string>;
  readonly before: Before;
}

function dropNamed(draft: Draft, path: string, { names, before }: Named): void {
  draft.drop(path, (each) => isObject(each) && names.has(textAt(each, 'name') ?? ''), before);
}
