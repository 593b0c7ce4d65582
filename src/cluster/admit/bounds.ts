// A pod as raw JSON in; what of it is more than any pod needs, or null, out. It is looked at before anything else: whoever makes a pod may send 3 MB.
import { listAt, objectAt, type Json } from './json.ts';
import { isOurs, STATUS } from './names.ts';

const MOST_CONTAINERS = 256;
const MOST_VOLUMES = 256;
/** Of a container: variables, mounts, ports. */
const MOST_ENTRIES = 2_048;
/** A container’s name is a label of DNS. */
const LONGEST_NAME = 63;
/** A prefix, a slash and a name. */
const LONGEST_KEY = 253 + 1 + 63;
/** Room for 64 networks of IPv6. */
const LONGEST_VALUE = 4_096;

const LISTS = ['env', 'volumeMounts', 'ports'];

/** The API server would refuse longer names and keys, too: but only after us. */
export function findExcess(spec: Json, metadata: Json): string | null {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    listAt(spec, list),
  );
  if (containers.length > MOST_CONTAINERS) return `has more than ${String(MOST_CONTAINERS)} containers`;
  if (listAt(spec, 'volumes').length > MOST_VOLUMES) return `has more than ${String(MOST_VOLUMES)} volumes`;
  return (
    containers.map(excessOf).find((found) => found !== null) ??
    excessIn(metadata, 'labels') ??
    excessIn(metadata, 'annotations')
  );
}

function excessOf(container: Json): string | null {
  const { name } = container;
  if (typeof name === 'string' && name.length > LONGEST_NAME)
    return `has a container whose name is longer than ${String(LONGEST_NAME)} characters`;
  const list = LISTS.find((each) => listAt(container, each).length > MOST_ENTRIES);
  return list === undefined
    ? null
    : `has a container with more than ${String(MOST_ENTRIES)} entries of ${list}`;
}

function excessIn(metadata: Json, list: string): string | null {
  const texts = objectAt(metadata, list);
  const keys = Object.keys(texts);
  if (keys.some((key) => key.length > LONGEST_KEY))
    return `has metadata.${list} with a key longer than ${String(LONGEST_KEY)} characters`;
  const long = keys.find((key) => key !== STATUS && isOurs(key) && isLong(texts[key]));
  return long === undefined ? null : `has ${long} with more than ${String(LONGEST_VALUE)} characters`;
}

const isLong = (value: unknown): boolean => typeof value === 'string' && value.length > LONGEST_VALUE;
