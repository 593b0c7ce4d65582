// What a dialect offers to cases: bodies and events that say what was spoken. One file each, listed in `index.ts`.
import type { SpokenAnswer, SpokenRequest, Turn } from '../case.ts';

/** What a case may say that some dialect has no words for. */
export type Word = Turn['kind'] | 'tool' | 'n' | 'reasoning' | 'refusal' | 'called';

export interface Renderer {
  /** A case that needs one of these is not told in this dialect. */
  readonly lacks: ReadonlySet<Word>;
  request(said: SpokenRequest, stream: boolean): object;
  answer(said: SpokenAnswer): object;
  /** The events of a stream, in which every text comes in the pieces that `cut` makes of it. */
  stream(said: SpokenAnswer, cut: Cut): readonly WireEvent[];
}

export interface WireEvent {
  readonly event?: string;
  /** Text as it stands, or what is written as JSON. */
  readonly data: unknown;
}

export type Cut = (text: string) => readonly string[];

export const wordsOfRequest = ({ turns, tools, limits }: SpokenRequest): readonly Word[] => [
  ...turns.map(({ kind }) => kind),
  ...tools.map(() => 'tool' as const),
  ...(limits.n === undefined ? [] : (['n'] as const)),
];

export const wordsOfAnswer = ({ reasoning, refusal, calls }: SpokenAnswer): readonly Word[] => [
  ...(reasoning === '' ? [] : (['reasoning'] as const)),
  ...(refusal === '' ? [] : (['refusal'] as const)),
  ...calls.map(() => 'called' as const),
];

/** Calls have ids, by which results name them: the first is 0. */
export const callIdOf = (index: number): string => `call_${String(index)}`;

/** The calls before a turn. */
export const countCalls = (turns: readonly Turn[], before: number): number =>
  turns.slice(0, before).filter(({ kind }) => kind === 'call').length;
