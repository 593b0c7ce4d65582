// What a dialect offers to cases: bodies and events that say what was spoken. One file each, listed in `index.ts`.
import type { SpokenAnswer, SpokenRequest, Turn } from '../case.ts';

/** What a case may say that some dialect has no words for. */
export type Word =
  | Turn['kind']
  | 'tool'
  | 'n'
  | 'max_output_tokens'
  | 'text of answers'
  | 'reasoning'
  | 'refusal'
  | 'called'
  | 'stream';

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
  ...(['n', 'max_output_tokens'] as const).filter((name) => limits[name] !== undefined),
];

export const wordsOfAnswer = ({ text, reasoning, refusal, calls }: SpokenAnswer): readonly Word[] => [
  ...(text === '' ? [] : (['text of answers'] as const)),
  ...(reasoning === '' ? [] : (['reasoning'] as const)),
  ...(refusal === '' ? [] : (['refusal'] as const)),
  ...calls.map(() => 'called' as const),
];

/** Calls have ids, by which results name them: the first is 0. */
export const callIdOf = (index: number): string => `call_${String(index)}`;

/** The calls before a turn. */
export const countCalls = (turns: readonly Turn[], before: number): number =>
  turns.slice(0, before).filter(({ kind }) => kind === 'call').length;

/** What dialects have no words for that take texts of users, and nothing else that is said in a conversation. */
export const ONLY_USERS: readonly Word[] = [
  'system',
  'developer',
  'assistant',
  'document',
  'call',
  'result',
  'tool',
  'reasoning',
  'refusal',
  'called',
];

/** And of those whose answers hold none. */
export const ONLY_ASKED: readonly Word[] = [
  ...ONLY_USERS,
  'n',
  'max_output_tokens',
  'text of answers',
  'stream',
];

/** What counts the tokens of a conversation says nothing itself. */
export const ONLY_COUNTED: readonly Word[] = ['reasoning', 'refusal', 'called', 'text of answers', 'stream'];

/** One text, or the list of several. */
export function textsOf(turns: readonly Turn[]): string | readonly string[] {
  const texts = turns.flatMap((turn) => (turn.kind === 'user' ? [turn.text] : []));
  const [only = '', ...others] = texts;
  return others.length === 0 ? only : texts;
}
