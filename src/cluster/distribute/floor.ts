// ConfigMaps in; for each namespace what they say together, in one order, and what is wrong with them, out.
import { hashFiles, type SourceFile } from '../../policy/index.ts';
import { holdsPolicies, isTest, nameOf, type ConfigMap } from './config-map.ts';
import { CHANNEL, REPLACES } from './names.ts';
import { readConfigMap } from './read-config-map.ts';
import type { SetIssue } from './set-issue.ts';

/** What one namespace says. */
export interface Floor {
  /** `<namespace>/<ConfigMap>/<key>`. */
  readonly files: readonly SourceFile[];
  /** With any of them it cannot be compiled. */
  readonly issues: readonly SetIssue[];
  /** Of the files and the issues. */
  readonly hash: string;
}

/** What a namespace is bound by: it may only add to the platform's. */
export interface PolicySet {
  readonly platform: Floor;
  readonly own: Floor;
}

const MOST_FILES = 256;
const MIB = 1024 * 1024;
const LARGEST_BYTES = 4 * MIB;

export const EMPTY_FLOOR: Floor = createFloor([], []);

/** Of one namespace, in both channels. */
export interface Floors {
  readonly stable: Floor;
  /** Null where nothing is a candidate. */
  readonly candidate: Floor | null;
}

/** By namespace; those without policies are not there. */
export function readFloors(configMaps: Iterable<ConfigMap>): ReadonlyMap<string, Floors> {
  const groups = Map.groupBy(configMaps, ({ metadata }) => metadata.namespace ?? '');
  const floors = [...groups].map(
    ([namespace, group]) =>
      [namespace, { stable: readFloor(group), candidate: readCandidateFloor(group) }] as const,
  );
  return new Map(floors.filter(([, { stable, candidate }]) => stable !== EMPTY_FLOOR || candidate !== null));
}

/** Of one namespace: what is in force. */
export const readFloor = (configMaps: readonly ConfigMap[]): Floor => read(configMaps.filter(isStable));

/** Of one namespace: what would be in force with its candidates; null where it has none. */
export function readCandidateFloor(configMaps: readonly ConfigMap[]): Floor | null {
  const candidates = configMaps.filter((each) => holdsPolicies(each) && !isStable(each));
  if (candidates.length === 0) return null;
  const replaced = new Set(candidates.map(({ metadata }) => metadata.annotations?.[REPLACES]));
  const staying = configMaps.filter((each) => isStable(each) && !replaced.has(each.metadata.name));
  return read([...staying, ...candidates]);
}

/** The same with the tests of one ConfigMap (`namespace/name`) alone. */
export const testingOnly = ({ files, issues }: Floor, configMap: string): Floor =>
  createFloor(
    files.filter(({ name }) => !isTest(name) || name.startsWith(`${configMap}/`)),
    issues,
  );

/** One whose channel is not understood is stable: it is told, and binds. */
const isStable = ({ metadata: { annotations = {} } }: ConfigMap): boolean =>
  annotations[CHANNEL] !== 'candidate';

function read(configMaps: readonly ConfigMap[]): Floor {
  const held = configMaps.filter(holdsPolicies).sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  if (held.length === 0) return EMPTY_FLOOR;
  const parts = held.map(readConfigMap);
  const files = parts.flatMap((each) => each.files);
  return createFloor(files, [...parts.flatMap((each) => each.issues), ...findExcess(files)]);
}

function createFloor(files: readonly SourceFile[], issues: readonly SetIssue[]): Floor {
  const written = { name: 'issues', bytes: Buffer.from(JSON.stringify(issues)) };
  return { files, issues, hash: hashFiles([...files, written]) };
}

/** The first ConfigMap with which it is too much is named. */
function findExcess(files: readonly SourceFile[]): SetIssue[] {
  let bytes = 0;
  for (const [index, file] of files.entries()) {
    bytes += file.bytes.length;
    if (index < MOST_FILES && bytes <= LARGEST_BYTES) continue;
    const [namespace = '', name = '', key = ''] = file.name.split('/');
    const limits = `${String(MOST_FILES)} keys and ${String(LARGEST_BYTES / MIB)} MiB`;
    const message = `The policies of a namespace may be ${limits}; with this one they are more.`;
    return [
      { configMap: `${namespace}/${name}`, key, row: 0, column: 0, code: 'config_map.too_much', message },
    ];
  }
  return [];
}
