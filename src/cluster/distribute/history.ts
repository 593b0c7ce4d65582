// What was built for a namespace, and what the API server keeps of it, in; which objects have to come and go out.
import type { Built } from './build-set.ts';
import type { ConfigMap } from './config-map.ts';
import type { PolicySet } from './floor.ts';
import type { KeptBundle } from './kept-bundle.ts';
import { BUNDLE_KEY, BUNDLE_LABEL, BUNDLE_NAME, PIN, shortDigest } from './names.ts';
import type { ToldStatus } from './read-status.ts';
import type { SetIssue } from './set-issue.ts';

export interface HistoryPlan {
  /** What pods mount; to be applied. */
  readonly seed: ConfigMap | null;
  /** Immutable; to be created. */
  readonly entry: ConfigMap | null;
  readonly remove: readonly KeptBundle[];
}

export interface HistoryState {
  readonly namespace: string;
  /** What pods are to have; null leaves everything as it is. */
  readonly built: Built | null;
  /** ConfigMaps of the namespace with the label `postern.dev/bundle`. */
  readonly kept: readonly KeptBundle[];
  readonly pin: string | null;
  /** Where bundles are signed, before they are kept. */
  readonly seal?: (built: Built) => Built;
}

const MOST_ENTRIES = 5;

export function planHistory({ namespace, built, kept, pin, seal = asIs }: HistoryState): HistoryPlan {
  const entries = kept.filter(isEntry);
  const sound = entries.filter(isSound);
  const spoilt = entries.filter((entry) => !sound.includes(entry));
  if (built === null) return { seed: null, entry: null, remove: spoilt };
  const short = shortDigest(built.digest);
  const isHeld = sound.some((entry) => digitsOf(entry) === short);
  const needed = new Set([short, pin]);
  const others = sound.filter((entry) => !needed.has(digitsOf(entry))).sort(byAge);
  const room = MOST_ENTRIES - 1 - sound.filter((entry) => digitsOf(entry) === pin && pin !== short).length;
  const seed = kept.find(({ metadata: { name } }) => name === BUNDLE_NAME);
  const isSeeded = seed?.digest === built.digest;
  return {
    seed: isSeeded ? null : writeObject(namespace, BUNDLE_NAME, seal(built)),
    entry: isHeld
      ? null
      : { ...writeObject(namespace, `${BUNDLE_NAME}-${short}`, seal(built)), immutable: true },
    remove: [...spoilt, ...others.slice(room)],
  };
}

const asIs = (built: Built): Built => built;

export type Chosen =
  | { readonly kind: 'newest'; readonly built: Built | null }
  | { readonly kind: 'pinned'; readonly built: Built }
  /** The pin names nothing that is kept: what was distributed last stays. */
  | { readonly kind: 'missing'; readonly built: Built | null };

/** What a namespace gets. `last` is what it was given before. */
export function choose(state: HistoryState, last: Built | null): Chosen {
  const { pin, built, kept } = state;
  if (pin === null) return { kind: 'newest', built };
  if (built !== null && shortDigest(built.digest) === pin) return { kind: 'pinned', built };
  const pinned = findPinned(kept, pin);
  if (pinned !== null) return { kind: 'pinned', built: pinned };
  // Where it is being fetched, what there was stays until then.
  const kind = findLacking(kept, pin) === null ? 'missing' : 'newest';
  return { kind, built: last ?? built };
}

/** To be told where a pin changes nothing. */
export function pinIssue({ pin, kept }: Pick<HistoryState, 'pin' | 'kept'>): SetIssue {
  const digits = listHistory(kept).map((entry) => entry.digits);
  const what = digits.length === 0 ? 'nothing is kept' : `kept are ${digits.join(', ')}`;
  const message = `The Namespace is pinned to ${shorten(pin ?? '')} (${PIN}), which is not kept; ${what}.`;
  return { configMap: '', key: '', row: 0, column: 0, code: 'policy.pin', message };
}

/** Whatever stands in an annotation. */
const shorten = (pin: string): string => (pin.length <= 64 ? pin : `${pin.slice(0, 64)}…`);

export interface HistoryEntry {
  readonly digits: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly bytes: number;
}

/** The newest first. */
export const listHistory = (kept: readonly KeptBundle[]): readonly HistoryEntry[] =>
  kept
    .filter(isEntry)
    .sort(byAge)
    .map((entry) => ({
      digits: digitsOf(entry),
      createdAt: ageOf(entry),
      bytes: entry.size,
    }));

/** What an earlier controller distributed, for a start at which the newest policies do not compile. */
export const lastDistributed = (kept: readonly KeptBundle[]): Built | null =>
  kept.find(({ metadata: { name } }) => name === BUNDLE_NAME)?.built ?? null;

interface Wanted {
  readonly set: PolicySet;
  /** What bundles are made by here. */
  readonly maker: string;
}

/** What was built already, by a controller like this one, of exactly this set; null when it has to be built. */
export function findMade(kept: readonly KeptBundle[], told: ToldStatus | null, wanted: Wanted): Built | null {
  if (told === null || !isOf(told, wanted)) return null;
  const isKept = kept.some((each) => isSound(each) && each.digest === told.digest);
  return isKept && told.digest !== null ? findBuilt(kept, told.digest) : null;
}

function isOf({ sources, maker, channel, issues }: ToldStatus, { set, ...here }: Wanted): boolean {
  const isSame = sources?.platform === set.platform.hash && sources.own === set.own.hash;
  return isSame && maker === here.maker && channel === 'newest' && issues.length === 0;
}

const isEntry = ({ metadata: { name } }: KeptBundle): boolean => name.startsWith(`${BUNDLE_NAME}-`);

const digitsOf = ({ metadata: { name } }: KeptBundle): string => name.slice(BUNDLE_NAME.length + 1);

/** It holds what its name says. */
const isSound = (entry: KeptBundle): boolean =>
  isEntry(entry) && entry.digest !== null && shortDigest(entry.digest) === digitsOf(entry);

/** Null where its bytes are not at hand. */
const findBuilt = (kept: readonly KeptBundle[], digest: string): Built | null =>
  kept.find(({ built }) => built?.digest === digest)?.built ?? null;

const findEntry = (kept: readonly KeptBundle[], pin: string | null): KeptBundle | undefined =>
  kept.find((each) => isSound(each) && digitsOf(each) === pin);

const findPinned = (kept: readonly KeptBundle[], pin: string): Built | null =>
  findBuilt(kept, findEntry(kept, pin)?.digest ?? '');

/** What is pinned, if its bytes are still to be fetched; null when there is nothing to fetch. */
export function findLacking(kept: readonly KeptBundle[], pin: string | null): KeptBundle | null {
  const entry = findEntry(kept, pin);
  return entry !== undefined && findBuilt(kept, entry.digest ?? '') === null ? entry : null;
}

/** The newest first. */
const byAge = (one: KeptBundle, other: KeptBundle): number =>
  ageOf(other).localeCompare(ageOf(one)) || digitsOf(one).localeCompare(digitsOf(other));

const ageOf = ({ metadata }: KeptBundle): string => metadata.creationTimestamp ?? '';

const writeObject = (namespace: string, name: string, { digest, bytes }: Built): ConfigMap => ({
  metadata: {
    namespace,
    name,
    labels: {
      'app.kubernetes.io/part-of': 'postern',
      'app.kubernetes.io/managed-by': 'postern',
      [BUNDLE_LABEL]: shortDigest(digest),
    },
  },
  binaryData: { [BUNDLE_KEY]: bytes.toString('base64') },
});
