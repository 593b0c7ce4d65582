// A pod, the namespace's range and what was drawn before in; the uid of its sidecar, which nobody else in the pod has, out.
import { err, ok, type Result } from '../../lib/result.ts';
import { objectAt, type Json } from './json.ts';
import type { Namespace, Pod } from './pod.ts';

/** Where uids come from; `passing` for what is only tried out: whoever reads such a uid may not bring it along. */
export interface ReviewUids extends Uids {
  readonly passing: Uids;
}

/** Where uids come from. */
export interface Uids {
  /** One of them, from the first to the last. */
  draw(first: number, last: number): number;
  /** Whether it was drawn a moment ago: what a pod says of itself could have been chosen to be its image's user. */
  isOurs(uid: number): boolean;
}

export interface UidRange {
  readonly first: number;
  readonly last: number;
}

/** Of meshes, of images that run as nobody, and of the first user of many images. */
const TAKEN: ReadonlySet<number> = new Set([0, 1000, 1337, 2102, 65_532, 65_534]);
/** What a user namespace of a pod maps ends at 65,535. */
const IN_USER_NAMESPACE: UidRange = { first: 20_000, last: 60_000 };
const OPENSHIFT_RANGE = 'openshift.io/sa.scc.uid-range';
const TRIES = 64;

/** As its manifest says; what images say, nobody sees. */
export const uidsOf = ({ spec, containers }: Pod): ReadonlySet<number> =>
  new Set([spec, ...containers.map(({ raw }) => raw)].flatMap(ownUids));

/** Containers that run as whoever their image says, which nobody sees, and which may be changed while they run. */
export const withoutUser = ({ spec, containers }: Pod): readonly string[] =>
  ownUids(spec).length > 0
    ? []
    : containers.filter(({ raw }) => ownUids(raw).length === 0).map(({ name }) => name);

const ownUids = (owner: Json): readonly number[] => {
  const uid = objectAt(owner, 'securityContext')['runAsUser'];
  return typeof uid === 'number' ? [uid] : [];
};

export function rangeFor({ spec }: Pod, namespace: Namespace, range: UidRange): Result<UidRange, string> {
  const openshift = namespace.annotations[OPENSHIFT_RANGE];
  if (openshift !== undefined) return parseRange(openshift);
  return ok(spec['hostUsers'] === false ? IN_USER_NAMESPACE : range);
}

const RANGE = /^(\d{1,10})(?:\/(\d{1,10})|-(\d{1,10}))$/;

/** The first of them is what OpenShift gives to applications. */
function parseRange(text: string): Result<UidRange, string> {
  const [, first, size, last] = RANGE.exec(text) ?? [];
  const range = {
    first: Number(first) + 1,
    last: last === undefined ? Number(first) + Number(size) - 1 : Number(last),
  };
  if (range.last > range.first) return ok(range);
  return err(`the namespace’s ${OPENSHIFT_RANGE} is ${JSON.stringify(text)}, which is no range of uids`);
}

export interface UidAsked {
  readonly taken: ReadonlySet<number>;
  readonly range: UidRange;
  /** Of an earlier injection of this pod. */
  readonly kept: number | null;
}

export function chooseUid({ taken, range, kept }: UidAsked, uids: Uids): Result<number, string> {
  const isIn = (uid: number): boolean => uid >= range.first && uid <= range.last && !TAKEN.has(uid);
  if (kept !== null && isIn(kept) && uids.isOurs(kept)) {
    if (!taken.has(kept)) return ok(kept);
    return err(
      `uid ${String(kept)} is the sidecar’s: a container that runs as it would go round the sidecar`,
    );
  }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const uid = uids.draw(range.first, range.last);
    if (isIn(uid) && !taken.has(uid)) return ok(uid);
  }
  return err(`no uid from ${String(range.first)} to ${String(range.last)} is free for the sidecar`);
}
