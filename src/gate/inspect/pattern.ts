// Patterns are data: a phrase or an RE2 expression that a policy bundle asks the host to look for.
import type { Origin, PartKind, Severity } from '../../exchange/index.ts';
import type { TextContext } from './finding.ts';
import type { StreamWait } from './stream-wait.ts';

interface PatternScope {
  /** The code of its findings, e.g. `injection.ignore_previous`. Several patterns may share one. */
  readonly id: string;
  readonly severity: Severity;
  /** Absent: everywhere. */
  readonly origins?: readonly Origin[];
  /** The last segment of a lane, e.g. `text`. */
  readonly lanes?: readonly string[];
  readonly kinds?: readonly PartKind[];
  /** `folded` ignores case, invisible and look-alike characters, spacing and punctuation; `raw` is exact. */
  readonly view: 'raw' | 'folded';
  /** Absent: bounded. */
  readonly stream?: StreamWait;
}

export interface LiteralPattern extends PatternScope {
  readonly literal: string;
}

export interface Re2Pattern extends PatternScope {
  readonly re2: string;
  /** The longest match it can make, in UTF-16 units; longer ones are not reported. */
  readonly maxLength: number;
}

export type Pattern = LiteralPattern | Re2Pattern;

/** What is wrong with a pattern or a detector of the data, and where: `[3].literal`. */
export interface PatternIssue {
  readonly path: string;
  readonly message: string;
}

const laneKind = (lane: string): string => lane.slice(lane.lastIndexOf('.') + 1);

export const isInScope = (pattern: PatternScope, { origin, lane, kind }: TextContext): boolean =>
  (pattern.origins?.includes(origin) ?? true) &&
  (pattern.kinds?.includes(kind) ?? true) &&
  (pattern.lanes?.includes(laneKind(lane)) ?? true);
