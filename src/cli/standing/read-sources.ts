// A namespace in; the policies that it holds now, by a hash, and what the controller says of it, out.
import {
  BUNDLE_LABEL,
  keepBundle,
  listHistory,
  nameOf,
  PIN,
  POLICY_SELECTORS,
  readFloor,
  readStatus,
  STATUS_NAME,
  type ConfigMap,
  type HistoryEntry,
  type ToldStatus,
} from '../../cluster/distribute/index.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { CONFIG_MAPS, NAMESPACES } from '../cluster/resources.ts';

export const STATUS_FIELD = `metadata.name=${STATUS_NAME}`;

/** As the controller hashes them. */
export async function hashSources(cluster: Cluster, namespace: string): Promise<string> {
  const lists = await Promise.all(
    POLICY_SELECTORS.map((labelSelector) =>
      cluster.list<ConfigMap>(CONFIG_MAPS, { namespace, labelSelector }),
    ),
  );
  return hashOf(lists.flat());
}

/** One with two labels is one. */
export const hashOf = (configMaps: readonly ConfigMap[]): string =>
  readFloor([...new Map(configMaps.map((each) => [nameOf(each), each])).values()]).hash;

export interface TellingNamespace {
  readonly namespace: string;
  /** Null where the controller has said nothing, or nothing that is understood. */
  readonly status: ToldStatus | null;
}

/** Of one namespace, or of all that the controller tells of. */
export async function readStanding(
  cluster: Cluster,
  namespace: string | null,
): Promise<readonly TellingNamespace[]> {
  if (namespace !== null) {
    const told = await cluster.get<ConfigMap>(CONFIG_MAPS, STATUS_NAME, namespace);
    return [{ namespace, status: told === null ? null : readStatus(told) }];
  }
  const all = await cluster.list<ConfigMap>(CONFIG_MAPS, { fieldSelector: STATUS_FIELD });
  return all.map((each) => ({ namespace: each.metadata.namespace ?? '', status: readStatus(each) }));
}

export async function readHistory(cluster: Cluster, namespace: string): Promise<readonly HistoryEntry[]> {
  const held = await cluster.list<ConfigMap>(CONFIG_MAPS, { namespace, labelSelector: BUNDLE_LABEL });
  return listHistory(held.map((each) => keepBundle(each)));
}

export async function readPin(cluster: Cluster, namespace: string): Promise<string | null> {
  const found = await cluster.get(NAMESPACES, namespace);
  return found?.metadata.annotations?.[PIN] ?? null;
}
