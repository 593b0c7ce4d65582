// The candidates of namespaces in; what their pods are to do with them, and how they stand, out. One that changes too much is held back.
import {
  EMPTY_FLOOR,
  judgeCandidate,
  percentOf,
  readChannel,
  type Book,
  type CandidateOffer,
  type CandidateStanding,
  type Floors,
  type Hold,
  type Workshop,
} from '../../cluster/distribute/index.ts';
import type { ClusterView } from './cluster-view.ts';

export interface FloorsOf {
  readonly platform: Floors | undefined;
  readonly own: Floors | undefined;
}

/** No namespace is called so. */
const candidateKey = (namespace: string): string => `${namespace}/candidate`;
export const namespaceOf = (key: string): string => key.replace(/\/candidate$/, '');

/** What would be in force. */
const floorOf = (floors: Floors | undefined): Floors['stable'] =>
  floors?.candidate ?? floors?.stable ?? EMPTY_FLOOR;

export class Candidates {
  readonly #view: ClusterView;
  readonly #workshop: Workshop;
  /** As this replica has judged; what another has, stands in the status. */
  readonly #holds = new Map<string, Hold>();

  constructor(view: ClusterView, workshop: Workshop) {
    this.#view = view;
    this.#workshop = workshop;
  }

  /** Compiled beside what is in force, where there is anything to compare. */
  plan(namespace: string, { platform, own }: FloorsOf): void {
    const key = candidateKey(namespace);
    const isOne = [platform, own].some((floors) => (floors?.candidate ?? null) !== null);
    if (isOne && !this.#isOff(namespace))
      this.#workshop.want(key, { platform: floorOf(platform), own: floorOf(own) });
    else this.#workshop.forget(key);
  }

  /** Null where nothing is to be compared. */
  offerOf(namespace: string): CandidateOffer | null {
    const state = this.#workshop.stateOf(candidateKey(namespace));
    if (state === null) return null;
    const { built, isPending } = state;
    if (built === null && !isPending) return null;
    const digest = built?.digest ?? null;
    const choice = this.#choiceOf(namespace);
    return { built, percent: percentOf({ digest, choice, hold: this.#holdOf(namespace, digest) }) };
  }

  /** Null where there is none. */
  judge(namespace: string, book: Book): CandidateStanding | null {
    const state = this.#workshop.stateOf(candidateKey(namespace));
    if (state === null) return null;
    const digest = state.built?.digest ?? null;
    const choice = this.#choiceOf(namespace);
    const standing = judgeCandidate(
      {
        digest,
        isPending: state.isPending,
        issues: [...choice.issues, ...state.issues],
        choice,
        hold: this.#holdOf(namespace, digest),
        targets: this.#view.targetsOf(namespace),
      },
      book,
      new Date(),
    );
    if (standing.hold !== null) this.#holds.set(namespace, standing.hold);
    return standing;
  }

  issuesOf(namespace: string): CandidateStanding['issues'] {
    return this.#workshop.stateOf(candidateKey(namespace))?.issues ?? [];
  }

  /** A Namespace that is pinned has what it is pinned to, and nothing else. */
  #isOff(namespace: string): boolean {
    return this.#view.pinOf(namespace) !== null || this.#choiceOf(namespace).channel === 'stable';
  }

  #choiceOf(namespace: string): ReturnType<typeof readChannel> {
    return readChannel(this.#view.annotationsOf(namespace));
  }

  #holdOf(namespace: string, digest: string | null): Hold | null {
    const known = [this.#holds.get(namespace), this.#view.toldOf(namespace)?.candidate?.hold];
    return known.find((hold) => hold?.digest === digest) ?? null;
  }
}
