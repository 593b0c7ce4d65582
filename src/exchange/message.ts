// A decoded body: what one side of an exchange said, in the same words for every dialect.
import type { Coverage, Limits, Part, Reference, Tool, Usage } from './part.ts';

export interface RequestMessage {
  readonly model: string;
  readonly stream: boolean;
  readonly parts: readonly Part[];
  readonly tools: readonly Tool[];
  readonly references: readonly Reference[];
  readonly limits: Limits;
  readonly coverage: Coverage;
  /** As JSON, what an answer names the request by; only of dialects whose answers do. */
  readonly replyTo?: string;
}

export interface ResponseMessage {
  /** The model as the provider names it in the answer; empty when it does not. */
  readonly model: string;
  readonly parts: readonly Part[];
  /** That servers offer, where the answer tells. */
  readonly tools?: readonly Tool[];
  readonly coverage: Coverage;
  readonly usage: Usage;
  readonly finishReasons: readonly string[];
}

/** Bytes to put in the place of a range of a body. An empty range inserts. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}
