// The vocabulary of the house. It imports nothing.
export type { ByteSpan, Coverage, Limits, Origin, Part, PartKind, Reference, Tool, Usage } from './part.ts';
export type { Edit, RequestMessage, ResponseMessage } from './message.ts';
export type { Change, Comparison, DecisionChange, DecisionDifference, VerdictChange } from './comparison.ts';
export type { Finding, Severity } from './finding.ts';
export { isRefusal } from './decision.ts';
export type {
  Action,
  Decision,
  Mode,
  Obligation,
  PartSpan,
  Phase,
  RecordedVerdict,
  Verdict,
} from './decision.ts';
export { GRADES } from './route.ts';
export type {
  Authority,
  Dialect,
  Entrance,
  FramingName,
  Grade,
  InterceptionMode,
  Operation,
  Provider,
  Route,
  Upstream,
} from './route.ts';
export { CREDENTIAL_HEADERS } from './credential.ts';
export type { CredentialHeader } from './credential.ts';
export { FAILURE_MODES, PosternError } from './failure.ts';
export type { FailureCode } from './failure.ts';
export type { ExchangeRecord, JudgedSide, Outcome, Recorder, Stage, StageName } from './record.ts';
