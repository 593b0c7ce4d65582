// What happened, written down: traces and metrics that may be lost, an audit log that may not.
export { openAuditLog } from './audit.ts';
export type { AuditLog } from './audit.ts';
export { boundText } from './bounded.ts';
export { ChainWalk, linkOf, parseLine, verifyAuditLog } from './chain.ts';
export { describeVerdicts } from './decision-log.ts';
export type { AuditEvent } from './decision-log.ts';
export { createLog } from './log.ts';
export type { Log } from './log.ts';
export { startTelemetry } from './telemetry.ts';
export type { Telemetry } from './telemetry.ts';
