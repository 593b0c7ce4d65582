// What each namespace is given in; what a pod of it is to obey and to compare, and who waits for another bundle told, out.
import { hash } from 'node:crypto';
import type { Built } from './build-set.ts';

export interface Offer extends Built {
  /** `pinned` where the Namespace asks for one of its history. */
  readonly channel: 'newest' | 'pinned';
  /** Null where nothing is to be compared. */
  readonly candidate: CandidateOffer | null;
}

export interface CandidateOffer {
  /** Null while it is compiled. */
  readonly built: Built | null;
  /** How many of a hundred pods obey it; the others compare it. */
  readonly percent: number;
}

/** `null`: it is not compiled yet. */
type Offered = Offer | null;

/** Of one pod. */
export interface Given {
  readonly inForce: Built;
  /** Asked beside, never obeyed; whoever obeys the candidate compares what it is to replace. */
  readonly compared: Built | null;
  readonly channel: Offer['channel'] | 'candidate';
}

/** Null where the pod has to wait for what it is to obey. */
export function give({ candidate, ...stable }: Offer, podUid: string): Given | null {
  const { channel } = stable;
  if (candidate === null) return { inForce: stable, compared: null, channel };
  const { built, percent } = candidate;
  if (!obeysCandidate(podUid, percent)) return { inForce: stable, compared: built, channel };
  return built === null ? null : { inForce: built, compared: stable, channel: 'candidate' };
}

const TWO_TO_32 = 2 ** 32;

/** By the pod alone: as the share grows nobody goes back, and an edit of the candidate meets the same pods. */
export const obeysCandidate = (podUid: string, percent: number): boolean =>
  (hash('sha256', podUid, 'buffer').readUInt32BE() / TWO_TO_32) * 100 < percent;

type Seal = (namespace: string, built: Built) => Built;

export class Offers {
  readonly #offers = new Map<string, Offered>();
  readonly #listeners = new Set<(namespace: string) => void>();
  readonly #seal: Seal;

  /** `seal` is what is done to each bundle before it is given. */
  constructor(seal: Seal = (_namespace, built) => built) {
    this.#seal = seal;
  }

  /** Undefined for a namespace that has no policies. */
  of(namespace: string): Offered | undefined {
    return this.#offers.get(namespace);
  }

  put(namespace: string, offer: Offered): void {
    const before = this.#offers.get(namespace);
    if (before !== undefined && markOf(before) === markOf(offer)) {
      if (before && offer) this.#offers.set(namespace, { ...before, channel: offer.channel });
      return;
    }
    this.#offers.set(namespace, offer && this.#sealAll(namespace, offer));
    this.#tell(namespace);
  }

  /** All of it whenever any of it changes: pods go from one bundle to another in both directions, and each step has to look like a newer one. */
  #sealAll(namespace: string, { candidate, channel, ...stable }: Offer): Offer {
    const seal = (built: Built): Built => this.#seal(namespace, built);
    const built = candidate?.built && seal(candidate.built);
    return { ...seal(stable), channel, candidate: candidate && { ...candidate, built: built ?? null } };
  }

  forget(namespace: string): void {
    if (this.#offers.delete(namespace)) this.#tell(namespace);
  }

  /** Told when a namespace is given something else, not when the same again. It must not throw. */
  subscribe(listener: (namespace: string) => void): () => void {
    const own = (namespace: string): void => listener(namespace);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #tell(namespace: string): void {
    for (const listener of this.#listeners) listener(namespace);
  }
}

const markOf = (offer: Offered): string =>
  JSON.stringify([
    offer?.digest,
    offer?.candidate && [offer.candidate.built?.digest, offer.candidate.percent],
  ]);
