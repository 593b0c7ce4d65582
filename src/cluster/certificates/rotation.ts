// What certificates there are, and the time, in; what is to be done about them, in this order, out. Nothing is done here.

/** A certificate's life, in milliseconds since 1970. */
export interface Life {
  /** Its fingerprint. */
  readonly id: string;
  readonly beganMs: number;
  readonly endsMs: number;
}

export interface RotationState {
  /** Issues the leaf. */
  readonly current: Life | null;
  /** Trusted already, or about to be: issues leaves once everybody has had the time to hear of it. */
  readonly next: (Life & { readonly publishedMs: number | null }) | null;
  /** Issues nothing any more; trusted for as long as anything that it issued may be served. */
  readonly previous: Life | null;
  readonly leaf: (Life & { readonly issuer: string }) | null;
}

export interface Terms {
  readonly authorityMs: number;
  readonly leafMs: number;
  /** From when a new authority was published to when it first issues: caches, and kubelets that are cut off for hours. */
  readonly dwellMs: number;
  /** How often somebody looks, though nothing seems to have changed. */
  readonly checkMs: number;
}

const DAY_MS = 86_400_000;

export const TERMS: Terms = {
  authorityMs: 730 * DAY_MS,
  leafMs: 90 * DAY_MS,
  dwellMs: DAY_MS,
  checkMs: DAY_MS / 24,
};

export type Step =
  /** An authority where there is none. */
  | 'create'
  /** The one that comes after. */
  | 'prepare'
  /** Makes everybody trust all of them, and no other. What follows it is done only when that has succeeded. */
  | 'publish'
  /** Writes down that the next one is published. */
  | 'mark'
  /** The next one takes over, and issues the leaf. */
  | 'promote'
  /** A leaf of the current one. */
  | 'issue'
  /** Lets go of authorities that have come to their end. */
  | 'retire';

export function planRotation(
  state: RotationState,
  nowMs: number,
  { dwellMs }: Pick<Terms, 'dwellMs'> = TERMS,
): readonly Step[] {
  const [current, next] = [living(state.current, nowMs), living(state.next, nowMs)];
  const { previous, leaf } = state;
  return [
    ...when(
      'retire',
      [state.current, state.next, previous].some((life) => hasEnded(life, nowMs)),
    ),
    ...when('issue', current !== null && leaf?.issuer === current.id && isDue(leaf, nowMs)),
    ...planAuthorities(current, next, nowMs),
    ...planFirstLeaf({ current, next, previous, leaf }, nowMs, dwellMs),
  ];
}

/** Whom nobody can be told of is not waited for: a leaf of an authority that is trusted already needs no telling. */
function planAuthorities(current: Life | null, next: RotationState['next'], nowMs: number): readonly Step[] {
  if (current === null && next === null) return ['create', 'publish'];
  if (next !== null) return ['publish', ...when('mark', next.publishedMs === null)];
  return current !== null && isDue(current, nowMs) ? ['prepare', 'publish', 'mark'] : ['publish'];
}

/** The first that an authority issues: everybody has been told of it by then. */
function planFirstLeaf(
  { current, next, leaf }: RotationState,
  nowMs: number,
  dwellMs: number,
): readonly Step[] {
  // With nothing in force every minute of waiting is one without service.
  if (current === null) return next === null ? ['issue'] : ['promote'];
  const publishedMs = next?.publishedMs ?? nowMs;
  if (next !== null && nowMs - publishedMs >= dwellMs) return ['promote'];
  return when('issue', leaf?.issuer !== current.id);
}

const when = (step: Step, isNeeded: boolean): readonly Step[] => (isNeeded ? [step] : []);

/** When a third of its life is left. */
const isDue = ({ beganMs, endsMs }: Life, nowMs: number): boolean => endsMs - nowMs <= (endsMs - beganMs) / 3;

const hasEnded = (life: Life | null, nowMs: number): boolean => life !== null && life.endsMs <= nowMs;

const living = <L extends Life>(life: L | null, nowMs: number): L | null =>
  hasEnded(life, nowMs) ? null : life;
