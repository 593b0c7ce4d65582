// What happened, written down: traces and metrics that may be lost, an audit log that may not.
export { openAuditLog } from './audit.ts';
export type { AuditLog, AuditOptions } from './audit.ts';
export { verifyAuditLog } from './chain.ts';
export type { AuditFault, AuditSummary } from './chain.ts';
export type { AuditEvent } from './decision-log.ts';
export { createLog } from './log.ts';
export type { Log, LogFields } from './log.ts';
export type { PolicyEvent } from './policy-status.ts';
export { startTelemetry } from './telemetry.ts';
export type { Telemetry, TelemetryOptions } from './telemetry.ts';
