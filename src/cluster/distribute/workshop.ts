// The sets that namespaces are to have in; the bundle each has, and what is wrong with its newest set, out.
import { keyOf, type BuildSet, type Built, type Outcome, type SetFailure } from './build-set.ts';
import { EMPTY_FLOOR, type PolicySet } from './floor.ts';
import type { SetIssue } from './set-issue.ts';

/** How the set of a namespace stands. */
export interface SetState {
  /** Of the newest set that compiled; null before the first. */
  readonly built: Built | null;
  /** Why that is not the set it is to have. */
  readonly issues: readonly SetIssue[];
  /** The set it is to have was not tried yet. */
  readonly isPending: boolean;
}

export interface WorkshopOptions {
  readonly build: BuildSet;
  /** After failures that may pass; by how many there were in a row. */
  readonly pauseMs?: (failures: number) => number;
}

interface Piece {
  wanted: PolicySet;
  /** What the bundle was built of; unknown when it was found where an earlier controller left it. */
  builtOf: PolicySet | null;
  state: SetState;
  failures: number;
  retry: NodeJS.Timeout | undefined;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 10 * 60_000;

const growingPause = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);

/** One set is compiled at a time, since two would take twice the memory; a newer one of the same namespace takes its place. */
export class Workshop implements AsyncDisposable {
  readonly #build: BuildSet;
  readonly #pauseMs: (failures: number) => number;
  readonly #pieces = new Map<string, Piece>();
  readonly #queue = new Set<string>();
  readonly #listeners = new Set<(namespace: string) => void>();
  #running: { readonly namespace: string; readonly stop: AbortController } | null = null;
  #working: Promise<void> | null = null;
  #isClosed = false;

  constructor({ build, pauseMs = growingPause }: WorkshopOptions) {
    this.#build = build;
    this.#pauseMs = pauseMs;
  }

  /** Null for a namespace that wants nothing. */
  stateOf(namespace: string): SetState | null {
    return this.#pieces.get(namespace)?.state ?? null;
  }

  /** Of what the state is, once it is not pending. */
  wantedBy(namespace: string): PolicySet | null {
    return this.#pieces.get(namespace)?.wanted ?? null;
  }

  /** Told of every namespace whose state became another. It must not throw. */
  subscribe(listener: (namespace: string) => void): () => void {
    const own = (namespace: string): void => listener(namespace);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** The same set again changes nothing. */
  want(namespace: string, set: PolicySet): void {
    const piece = this.#pieces.get(namespace);
    if (piece === undefined) this.#pieces.set(namespace, newPiece(set));
    else if (keyOf(piece.wanted) === keyOf(set)) return;
    else renew(piece, set);
    if (this.#running?.namespace === namespace) this.#running.stop.abort();
    this.#enqueue(namespace);
    this.#tell(namespace);
  }

  /** What an earlier controller built is the last good one, until the set compiles. */
  restore(namespace: string, built: Built): void {
    const piece = this.#pieces.get(namespace);
    if (piece === undefined || piece.state.built !== null) return;
    piece.state = { ...piece.state, built };
    this.#tell(namespace);
  }

  /** Another controller has built the very set that is wanted: what is under way or waits is not needed. */
  adopt(namespace: string, built: Built): void {
    const piece = this.#pieces.get(namespace);
    if (piece === undefined || (!piece.state.isPending && piece.state.issues.length === 0)) return;
    clearTimeout(piece.retry);
    this.#queue.delete(namespace);
    accept(piece, piece.wanted, built);
    if (this.#running?.namespace === namespace) this.#running.stop.abort();
    this.#tell(namespace);
  }

  /** Those that want something. */
  get names(): readonly string[] {
    return [...this.#pieces.keys()];
  }

  forget(namespace: string): void {
    clearTimeout(this.#pieces.get(namespace)?.retry);
    this.#pieces.delete(namespace);
    this.#queue.delete(namespace);
    if (this.#running?.namespace === namespace) this.#running.stop.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const namespace of this.#pieces.keys()) this.forget(namespace);
    this.#listeners.clear();
    await this.#working;
  }

  #enqueue(namespace: string): void {
    if (this.#isClosed) return;
    this.#queue.add(namespace);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    await Promise.resolve(); // who wants many at once is heard out
    for (const namespace of this.#queue) {
      this.#queue.delete(namespace);
      const piece = this.#pieces.get(namespace);
      if (piece !== undefined) await this.#make(namespace, piece);
    }
    this.#working = null;
  }

  async #make(namespace: string, piece: Piece): Promise<void> {
    const { wanted } = piece;
    const stop = new AbortController();
    this.#running = { namespace, stop };
    const outcome = await this.#build(wanted, stop.signal);
    const [other, fallback] = outcome.ok ? [] : await this.#fallBack(piece, stop.signal);
    this.#running = null;
    const isOvertaken =
      piece.wanted !== wanted || this.#pieces.get(namespace) !== piece || piece.builtOf === wanted;
    if (isOvertaken) return;
    if (outcome.ok) accept(piece, wanted, outcome.value);
    else if (fallback?.ok === true && other !== undefined) accept(piece, other, fallback.value);
    if (!outcome.ok) this.#refuse(namespace, piece, outcome.error);
    this.#tell(namespace);
  }

  /** A namespace whose own policies are at fault is still bound by the platform's newest. */
  async #fallBack(
    { wanted, builtOf, state }: Piece,
    signal: AbortSignal,
  ): Promise<readonly [PolicySet, Outcome] | readonly []> {
    if (signal.aborted || (state.built !== null && builtOf === null)) return [];
    const set = { platform: wanted.platform, own: builtOf?.own ?? EMPTY_FLOOR };
    const isTried = [wanted, ...(builtOf === null ? [] : [builtOf])].some(
      (tried) => keyOf(tried) === keyOf(set),
    );
    return isTried ? [] : [set, await this.#build(set, signal)];
  }

  #refuse(namespace: string, piece: Piece, { issues, isPassing }: SetFailure): void {
    piece.state = { built: piece.state.built, issues, isPending: false };
    if (!isPassing) return;
    piece.failures += 1;
    piece.retry = setTimeout(() => this.#enqueue(namespace), this.#pauseMs(piece.failures));
    piece.retry.unref();
  }

  #tell(namespace: string): void {
    for (const listener of this.#listeners) listener(namespace);
  }
}

const newPiece = (wanted: PolicySet): Piece => ({
  wanted,
  builtOf: null,
  state: { built: null, issues: [], isPending: true },
  failures: 0,
  retry: undefined,
});

function renew(piece: Piece, wanted: PolicySet): void {
  clearTimeout(piece.retry);
  piece.wanted = wanted;
  piece.failures = 0;
  piece.state = { ...piece.state, isPending: true };
}

function accept(piece: Piece, set: PolicySet, built: Built): void {
  piece.builtOf = set;
  piece.failures = 0;
  piece.state = { built, issues: [], isPending: false };
}
