// The written account of one exchange. It holds codes, counts and times; never content, never a credential.
import type { Comparison } from './comparison.ts';
import type { Decision, Phase } from './decision.ts';
import type { FailureCode } from './failure.ts';
import type { Coverage, Usage } from './part.ts';
import type { Grade, InterceptionMode, Route } from './route.ts';

/** What happened in the end. No failure lets anything pass, so there is no word for that. */
export type Outcome =
  | 'forwarded'
  | 'edited'
  | 'refused'
  | 'cut'
  | 'failed_closed'
  | 'upstream_failed'
  | 'client_aborted';

export type StageName = 'request' | 'policy' | 'upstream' | 'response';

/** Times are milliseconds since the epoch, with a fraction. */
export interface Stage {
  readonly name: StageName;
  readonly startMs: number;
  readonly endMs: number;
}

/** One side of an exchange, as judged. `findings` are codes in order of appearance, each once. */
export interface JudgedSide {
  readonly decision: Decision;
  readonly findings: readonly string[];
  readonly coverage: Coverage;
  /** How much of the findings a stream had let go when they were found, in UTF-16 units. Absent: nothing. */
  readonly shown?: number;
}

export interface ExchangeRecord {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The caller's W3C trace context, as received. */
  readonly traceparent: string | null;
  /** How it came in. */
  readonly mode: InterceptionMode;
  /** What it would have taken to go round, at that moment. */
  readonly grade: Grade;
  readonly route: Route | null;
  readonly model: string;
  readonly responseModel: string;
  readonly stream: boolean;
  readonly request: JudgedSide | null;
  readonly response: JudgedSide | null;
  /** What a candidate made of the sides that were judged while there was one. */
  readonly candidate: Readonly<Partial<Record<Phase, Comparison>>>;
  readonly usage: Usage;
  readonly finishReasons: readonly string[];
  readonly outcome: Outcome;
  /** The HTTP status the caller saw; 0 when none was sent. */
  readonly status: number;
  readonly upstreamStatus: number | null;
  readonly timeToFirstChunkMs: number | null;
  readonly failure: FailureCode | null;
  readonly stages: readonly Stage[];
}

/** Where accounts go. `write` never throws and never waits: losing telemetry must not stop an exchange. */
export interface Recorder {
  write(record: ExchangeRecord): void;
  close(): Promise<void>;
}
