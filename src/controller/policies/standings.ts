// What pods said, and what namespaces are to have, in; how each namespace stands, its candidate beside it, out.
import {
  choose,
  give,
  joinBooks,
  judgeStanding,
  keepLive,
  lastDistributed,
  noteAcknowledgement,
  pinIssue,
  rememberBook,
  type Acknowledgement,
  type Book,
  type Origin,
  type Standing,
  type Workshop,
} from '../../cluster/distribute/index.ts';
import type { Candidates } from './candidates.ts';
import type { ClusterView } from './cluster-view.ts';

export interface WholeStanding {
  readonly standing: Standing;
  /** Its candidate beside. */
  readonly origin: Origin;
}

export interface StandingsOptions {
  readonly view: ClusterView;
  readonly workshop: Workshop;
  readonly candidates: Candidates;
  /** What bundles are made by here. */
  readonly maker: string;
}

export class Standings {
  readonly #view: ClusterView;
  readonly #workshop: Workshop;
  readonly #candidates: Candidates;
  readonly #maker: string;
  #book: Book = new Map();

  constructor({ view, workshop, candidates, maker }: StandingsOptions) {
    [this.#view, this.#workshop, this.#candidates, this.#maker] = [view, workshop, candidates, maker];
  }

  /** By every replica: any of them may have to lead. */
  hear(heard: Acknowledgement): void {
    this.#book = noteAcknowledgement(this.#book, heard);
  }

  /** Else all pods would be pending until each has spoken again. */
  takeOver(): void {
    const told = this.#view.audience().flatMap((namespace) => {
      const status = this.#view.toldOf(namespace);
      return status === null ? [] : [rememberBook(namespace, status)];
    });
    this.#book = joinBooks([...told, this.#book]);
  }

  chosen(namespace: string): ReturnType<typeof choose> {
    const built = this.#workshop.stateOf(namespace)?.built ?? null;
    const kept = this.#view.keptOf(namespace);
    return choose({ namespace, built, kept, pin: this.#view.pinOf(namespace) }, lastDistributed(kept));
  }

  /** Pods that are gone have no word any more; once for all namespaces, since it looks at every pod. */
  prune(): void {
    this.#book = keepLive(this.#book, this.#view.live());
  }

  judge(namespace: string): WholeStanding {
    const candidate = this.#candidates.judge(namespace, this.#book);
    return { standing: this.#judgeStable(namespace), origin: { ...this.#originOf(namespace), candidate } };
  }

  #judgeStable(namespace: string): Standing {
    const state = this.#workshop.stateOf(namespace);
    const { built, kind } = this.chosen(namespace);
    const [kept, pin] = [this.#view.keptOf(namespace), this.#view.pinOf(namespace)];
    const candidate = this.#candidates.offerOf(namespace);
    const offer = built === null ? null : { ...built, channel: 'newest' as const, candidate };
    const desired = {
      digest: built?.digest ?? null,
      digestOf: (podUid: string) => (offer === null ? null : (give(offer, podUid)?.inForce.digest ?? null)),
      isPending: state?.isPending ?? true,
      issues: [...(kind === 'missing' ? [pinIssue({ pin, kept })] : []), ...(state?.issues ?? [])],
    };
    return judgeStanding({ ...desired, targets: this.#view.targetsOf(namespace) }, this.#book);
  }

  #originOf(namespace: string): Omit<Origin, 'candidate'> {
    const wanted = this.#workshop.wantedBy(namespace);
    const isPending = this.#workshop.stateOf(namespace)?.isPending ?? true;
    const sources =
      wanted === null || isPending ? null : { platform: wanted.platform.hash, own: wanted.own.hash };
    const { kind: channel } = this.chosen(namespace);
    return { channel, pin: this.#view.pinOf(namespace), sources, maker: this.#maker };
  }
}
