// What a case is: an exchange as its author says it, and what is to become of it.
import type { Action, FailureCode, Mode } from '../../exchange/index.ts';
import type { Frame } from '../../gate/decode/index.ts';
import type { Path, Place } from './places.ts';

export interface Case {
  readonly file: string;
  readonly name: string;
  /** Where a part of the case stands in its file; the empty path is the case. */
  readonly locate: (path: Path) => Place;
  /** Settings that win over those of the directory. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly modes: Readonly<Record<string, Mode>>;
  /** Whose modes apply; empty where there is none. */
  readonly namespace: string;
  /** The operations it is told in: a dialect, or a path; empty for every one. */
  readonly operations: readonly string[];
  /** Null for both. */
  readonly streamed: boolean | null;
  readonly request: SaidRequest | null;
  readonly answer: SaidAnswer | null;
  readonly expected: Expectation;
}

export type SaidRequest = { readonly kind: 'verbatim'; readonly body: Buffer } | SpokenRequest;

export type SaidAnswer =
  | { readonly kind: 'verbatim'; readonly body: Buffer }
  /** Bytes where the case gives them as text. */
  | { readonly kind: 'events'; readonly events: Buffer | readonly Frame[] }
  | SpokenAnswer;

/** In words that every dialect has, or can say that it has not. */
export interface SpokenRequest {
  readonly kind: 'spoken';
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly OfferedTool[];
  readonly limits: Readonly<Partial<Record<'max_output_tokens' | 'n', number | undefined>>>;
  /** Fields that are put into the body as they are. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface SpokenAnswer {
  readonly kind: 'spoken';
  readonly model: string;
  readonly reasoning: string;
  readonly text: string;
  readonly refusal: string;
  readonly calls: readonly Call[];
  readonly extra: Readonly<Record<string, unknown>>;
}

export type Turn =
  | { readonly kind: 'system' | 'developer' | 'user' | 'assistant' | 'document'; readonly text: string }
  /** A URL, or a `data:` URL. */
  | { readonly kind: 'image'; readonly url: string }
  | ({ readonly kind: 'call' } & Call)
  /** Of the call before it. */
  | { readonly kind: 'result'; readonly text: string };

export interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What is undefined is not looked at. */
export interface Expectation {
  readonly action?: Action | undefined;
  readonly failure?: FailureCode | undefined;
  /** Of the verdicts that are obeyed; exactly these. */
  readonly codes?: readonly string[] | undefined;
  /** At least these. */
  readonly includes?: readonly string[] | undefined;
  readonly policies?: readonly string[] | undefined;
  /** Codes of verdicts that are written down alone. */
  readonly recorded?: readonly string[] | undefined;
  readonly findings?: readonly string[] | undefined;
  readonly message?: string | undefined;
  /** Origin -> the texts that pass, a line each. */
  readonly becomes?: Readonly<Record<string, string>> | undefined;
}
