// What the policies said, and what follows from it.

export type Phase = 'request' | 'response';

/** From the mildest to the most severe; `rewrite` and `redact` weigh the same. */
export type Action = 'allow' | 'flag' | 'redact' | 'rewrite' | 'escalate' | 'deny';

/** From the strictest to none: `warn` tells the caller, `audit` only writes down. */
export type Mode = 'enforce' | 'warn' | 'audit' | 'off';

export type RewriteKind =
  | 'trim'
  | 'normalise'
  | 'strip_controls'
  | 'drop_high_entropy'
  | 'truncate'
  | 'pin_system';

/** A stretch of a part's text: UTF-16 units, half open. `part` is an index into the message's parts. */
export interface PartSpan {
  readonly part: number;
  readonly start: number;
  readonly end: number;
}

/** A change to the message that a decision asks for. */
export type Obligation =
  | {
      readonly kind: 'redact';
      readonly codes: readonly string[];
      /** Indexes of the only parts that are meant; without, all are. */
      readonly parts?: readonly number[];
    }
  | { readonly kind: 'redact_spans'; readonly code: string; readonly spans: readonly PartSpan[] }
  | {
      readonly kind: 'rewrite';
      readonly rewrite: Exclude<RewriteKind, 'pin_system' | 'truncate'>;
      readonly origins: readonly string[];
    }
  | {
      readonly kind: 'rewrite';
      readonly rewrite: 'truncate';
      readonly origins: readonly string[];
      readonly limit: number;
    }
  | { readonly kind: 'rewrite'; readonly rewrite: 'pin_system'; readonly text: string };

/** One policy's say. */
export interface Verdict {
  readonly policy: string;
  readonly action: Action;
  /** Stable and free of content, e.g. `length.user_too_long`. */
  readonly code: string;
  /** For people; shown to the caller when the action refuses. Free of content. */
  readonly message: string;
  readonly obligation?: Obligation;
}

/** What a policy that is not enforced said. */
export interface RecordedVerdict extends Verdict {
  readonly mode: 'warn' | 'audit';
}

/** The fold of all verdicts on one side of an exchange. */
export interface Decision {
  readonly action: Action;
  /** The enforced verdicts that are not plain `allow`, most severe first. */
  readonly verdicts: readonly Verdict[];
  readonly obligations: readonly Obligation[];
  /** Verdicts of policies in `warn` or `audit`: written down, never obeyed. */
  readonly recorded: readonly RecordedVerdict[];
  /** The bundle that decided. */
  readonly digest: string;
}

export const isRefusal = (action: Action): boolean => action === 'deny' || action === 'escalate';
