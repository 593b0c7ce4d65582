// What was done to a pod, as its annotation tells it; information, and what it takes to undo it.
import { VERSION } from '../../config/index.ts';
import type { Grade } from '../../exchange/index.ts';
import type { Before } from './draft.ts';
import { isObject, type Json } from './json.ts';
import { STATUS } from './names.ts';
import type { Plan } from './plan.ts';
import type { Pod } from './pod.ts';

export interface Status {
  readonly version: string;
  /** Each way in which connections come, as `env+redirect`. */
  readonly mode: string;
  readonly grade: Grade;
  readonly uid: number;
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  /** Names by container; containers with the same names stand together. */
  readonly variables?: readonly VariablesOf[];
  readonly skipped?: readonly string[];
  /** Those of hostAliases. */
  readonly hosts?: readonly string[];
  readonly sysctls?: readonly string[];
  readonly pullSecrets?: readonly string[];
  /** What goes round Postern by consent. */
  readonly exclusions?: { readonly ports: readonly number[]; readonly networks: readonly string[] };
  readonly credentials?: string;
  readonly before?: Before;
}

export interface VariablesOf {
  readonly containers: readonly string[];
  readonly names: readonly string[];
}

/** Twice what a pod with as many containers as there may be comes to. */
const LONGEST = 65_536;

/** Null where there is none, and where it is not to be read. Whoever makes a pod may write anything there. */
export function readStatus({ annotations }: Pick<Pod, 'annotations'>): Status | null {
  const text = annotations[STATUS] ?? 'null';
  if (text.length > LONGEST) return null;
  try {
    const status: unknown = JSON.parse(text);
    return isObject(status) && isStatus(status) ? (status as unknown as Status) : null;
  } catch {
    return null;
  }
}

function isStatus(status: Json): boolean {
  const lists = ['containers', 'volumes', 'hosts', 'sysctls', 'pullSecrets'];
  const variables = status['variables'] ?? [];
  return (
    typeof status['uid'] === 'number' &&
    lists.every((name) => isTexts(status[name] ?? [])) &&
    isObject(status['before'] ?? {}) &&
    Array.isArray(variables) &&
    variables.every((each) => isObject(each) && isTexts(each['containers']) && isTexts(each['names']))
  );
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

export type Added = Pick<Status, 'containers' | 'volumes'> &
  Required<Pick<Status, 'variables' | 'sysctls' | 'pullSecrets' | 'before'>>;

/** The same for the same pod and plan, and nothing in it that is empty. */
export function describe({ modes, grade, uid, wishes, hosts }: Plan, added: Added): Status {
  const { excludedPorts: ports, excludedNetworks: networks, skipped, credentials } = wishes;
  return {
    version: VERSION,
    mode: modes.join('+'),
    grade,
    uid,
    containers: added.containers,
    volumes: added.volumes,
    ...unlessEmpty('variables', added.variables),
    ...unlessEmpty('skipped', skipped),
    ...unlessEmpty('hosts', hosts),
    ...unlessEmpty('sysctls', added.sysctls),
    ...unlessEmpty('pullSecrets', added.pullSecrets),
    ...(ports.length + networks.length === 0 ? {} : { exclusions: { ports, networks } }),
    ...(credentials === null ? {} : { credentials: credentials.secret }),
    ...(Object.keys(added.before).length === 0 ? {} : { before: added.before }),
  };
}

const unlessEmpty = <K extends string, T>(
  key: K,
  list: readonly T[],
): { readonly [key in K]?: readonly T[] } =>
  list.length === 0 ? {} : ({ [key]: list } as { readonly [key in K]: readonly T[] });
