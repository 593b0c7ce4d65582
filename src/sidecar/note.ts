// What was decided, or failed, goes into the account and into the audit log, before the exchange goes on.
import { PosternError, type FailureCode, type JudgedSide, type Phase } from '../exchange/index.ts';
import { nowMs } from './account.ts';
import type { Passage } from './passage.ts';

/** @throws PosternError POSTERN_E_AUDIT_UNAVAILABLE when the log is required and takes no more lines. */
export function noteDecision({ account, audit }: Passage, phase: Phase, side: JudgedSide): void {
  account[phase] = side;
  audit?.append({ kind: 'decision', exchange: account, atMs: nowMs(), phase, side });
}

export function noteFailure({ account, audit }: Omit<Passage, 'snapshot'>, failure: FailureCode): void {
  account.failure = failure;
  try {
    audit?.append({ kind: 'failure', exchange: account, atMs: nowMs(), failure });
  } catch (error) {
    // The exchange is being refused already; a refusal is what a full disk asks for too.
    if (!(error instanceof PosternError)) throw error;
  }
}
