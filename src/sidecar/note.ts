// What was decided, or failed, goes into the account and into the audit log, before the exchange goes on.
import { PosternError, type FailureCode, type Phase } from '../exchange/index.ts';
import { eraseContent } from '../gate/decide/index.ts';
import type { Judgement } from '../gate/enforce/index.ts';
import { codesOf } from '../judge/index.ts';
import { nowMs } from './account.ts';
import type { Passage } from './passage.ts';

/** @throws PosternError POSTERN_E_AUDIT_UNAVAILABLE when the log is required and takes no more lines. */
export function noteDecision(passage: Passage, phase: Phase, judgement: Judgement): void {
  const { account, audit, trial, config, snapshot } = passage;
  const { decision, facts } = judgement;
  const shown = facts.findings.reduce((sum, finding) => sum + (finding.shown ?? 0), 0);
  const side = {
    decision,
    findings: codesOf(facts.findings),
    coverage: facts.coverage,
    ...(shown === 0 ? {} : { shown }),
  };
  account[phase] = side;
  const recorded = config.audit.facts ? { ...eraseContent(facts), patterns: snapshot.patterns } : null;
  audit?.append({ kind: 'decision', exchange: account, atMs: nowMs(), phase, side, facts: recorded });
  trial.compare(phase, judgement);
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
