// Patterns are data: a phrase or an RE2 expression that a policy bundle asks the host to look for.
import type { Origin, PartKind, Severity } from '../../exchange/index.ts';

interface PatternScope {
  /** The code of its findings, e.g. `injection.ignore_previous`. */
  readonly id: string;
  readonly severity: Severity;
  /** Absent: everywhere. */
  readonly origins?: readonly Origin[];
  /** The last segment of a lane, e.g. `text`. */
  readonly lanes?: readonly string[];
  readonly kinds?: readonly PartKind[];
  /** `folded` (the default) ignores case, invisible and look-alike characters, spacing and punctuation; `raw` is exact. */
  readonly view: 'raw' | 'folded';
}

export interface LiteralPattern extends PatternScope {
  readonly literal: string;
}

export interface Re2Pattern extends PatternScope {
  readonly re2: string;
  /** The longest match it can make, in UTF-16 units; longer matches are none. */
  readonly maxLength: number;
}

export type Pattern = LiteralPattern | Re2Pattern;

/** What is wrong with a pattern of the data, and where: `[3].literal`. */
export interface PatternIssue {
  readonly path: string;
  readonly message: string;
}
