// What a detector saw. It names a place and a code, never the text itself.
import type { Origin } from './part.ts';

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

export interface Finding {
  readonly detector: string;
  /** Stable name, e.g. `secret.aws_access_key`, or the id of a pattern. Redaction is asked for by this name. */
  readonly code: string;
  readonly severity: Severity;
  /** 0 to 1. */
  readonly confidence: number;
  /** Index into the message's parts. */
  readonly part: number;
  readonly origin: Origin;
  /** Offsets into the part's text, UTF-16 units, half open. */
  readonly start: number;
  readonly end: number;
  /** How much of it a stream had let go when it was found. Absent: nothing. */
  readonly shown?: number;
}
