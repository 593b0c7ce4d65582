// A plan in; the operations that add the sidecar, and all that belongs to it, to the pod, out.
import { VERSION } from '../../config/index.ts';
import { initContainer, sidecarContainer } from './containers.ts';
import { Draft, type Operation } from './draft.ts';
import { aliasesOf } from './host-aliases.ts';
import { listAt, objectAt, textAt } from './json.ts';
import { INIT, INJECTED, PATHS, PORT_START, PROXY_VERSION, SIDECAR, STATUS, VOLUMES } from './names.ts';
import type { Plan } from './plan.ts';
import { settingsFor } from './sidecar-settings.ts';
import { describe, type Status, type VariablesOf } from './status.ts';
import { groupsFor, leadContainer, needsTrust } from './variables.ts';
import { volumesFor, type Volume } from './volumes.ts';

export interface Injected {
  readonly operations: readonly Operation[];
  readonly status: Status;
}

export function inject(plan: Plan): Injected {
  const draft = new Draft(plan.pod.raw);
  const volumes = volumesFor({
    hasTrust: needsTrust(plan.modes),
    credentials: plan.wishes.credentials,
    hasGroup: typeof objectAt(plan.pod.spec, 'securityContext')['fsGroup'] === 'number',
  });
  const containers = containersFor(plan, volumes);
  draft.extend('/spec/initContainers', containers, 'head');
  draft.extend(
    '/spec/volumes',
    volumes.map(({ volume }) => volume),
  );
  const added = {
    containers: [...(plan.rules === null ? [] : [INIT]), SIDECAR],
    volumes: volumes.map(({ name }) => name),
    variables: leadClients(draft, plan, containers.length),
    pullSecrets: addPullSecrets(draft, plan),
    sysctls: addSysctls(draft, plan),
  };
  draft.extend('/spec/hostAliases', aliasesOf(plan.hosts), 'head');
  for (const path of ['/metadata', '/metadata/labels', '/metadata/annotations']) draft.note(path);
  const status = describe(plan, { ...added, before: draft.before });
  draft.put('/metadata/labels', INJECTED, 'true');
  draft.put('/metadata/labels', PROXY_VERSION, VERSION);
  draft.put('/metadata/annotations', STATUS, JSON.stringify(status));
  return { operations: draft.operations, status };
}

function containersFor(plan: Plan, volumes: readonly Volume[]): readonly object[] {
  const { settings, modes, uid, rules, wishes, namespace } = plan;
  const common = {
    settings,
    uid,
    image: wishes.image,
    resources: wishes.resources,
    variables: settingsFor({ settings, modes, credentials: wishes.credentials, namespace: namespace.name }),
    mounts: volumes.map(({ mount }) => mount),
  };
  return [...(rules === null ? [] : [initContainer(common, rules)]), sidecarContainer(common)];
}

/** `ahead` of the containers of initialisation stand ours by now. */
function leadClients(draft: Draft, { led, modes, settings }: Plan, ahead: number): readonly VariablesOf[] {
  const groups = groupsFor(modes, settings);
  const sets = led.map((container) => {
    const { added } = leadContainer(container, groups);
    const path = container.list === 'initContainers' ? shift(container.path, ahead) : container.path;
    draft.extend(
      `${path}/env`,
      Object.entries(added).map(([name, value]) => ({ name, value })),
    );
    if (needsTrust(modes)) draft.extend(`${path}/volumeMounts`, [TRUST_MOUNT]);
    return { name: container.name, names: Object.keys(added) };
  });
  const alike = Map.groupBy(sets, ({ names }) => names.join());
  return [...alike.values()].flatMap((group) => ({
    containers: group.map(({ name }) => name),
    names: group[0]?.names ?? [],
  }));
}

const TRUST_MOUNT = { name: VOLUMES.trust, mountPath: PATHS.trust, readOnly: true };

const shift = (path: string, ahead: number): string =>
  path.replace(/\d+$/, (index) => String(Number(index) + ahead));

function addPullSecrets(draft: Draft, { pod, settings }: Plan): readonly string[] {
  const there = listAt(pod.spec, 'imagePullSecrets').map((secret) => textAt(secret, 'name'));
  const names = settings.image.pullSecrets.filter((name) => !there.includes(name));
  draft.extend(
    '/spec/imagePullSecrets',
    names.map((name) => ({ name })),
  );
  return names;
}

/** So that port 443 needs no capability. Whoever set it has set it low enough. */
function addSysctls(draft: Draft, { pod, modes }: Plan): readonly string[] {
  const there = listAt(objectAt(pod.spec, 'securityContext'), 'sysctls').map((each) => textAt(each, 'name'));
  if (!modes.includes('hosts') || there.includes(PORT_START)) return [];
  draft.extend('/spec/securityContext/sysctls', [{ name: PORT_START, value: '0' }]);
  return [PORT_START];
}
