// A row in; what came of it, held against what was expected, out.
import { sightOfError, type Clients } from './clients.ts';
import type { Row } from './rows.ts';
import type { AuditLine, Stage } from './stage.ts';

export interface Performance {
  readonly row: Row;
  readonly action: string;
  readonly reason: string;
  readonly saw: string;
  readonly addedMs: number;
  /** What was otherwise than expected; empty when all was well. */
  readonly surprises: readonly string[];
}

export async function perform(row: Row, stage: Stage, { gated, direct }: BothClients): Promise<Performance> {
  const before = stage.llm.received;
  const sight = await row.send(gated).catch(sightOfError);
  const wasAsked = stage.llm.received > before;
  const account = readAccount(stage.auditLines().filter((line) => line.decision_id === sight.decisionId));
  const seen = { ...account, saw: sight.text, wasAsked };
  const addedMs = (await timeOf(row, gated)) - (wasAsked ? await timeOf(row, direct) : 0);
  return { row, ...account, saw: sight.text, addedMs, surprises: compare(row, seen) };
}

function readAccount(lines: readonly AuditLine[]): Pick<Performance, 'action' | 'reason'> {
  const line = mostSevere(lines);
  const reason = line?.result.reasons?.[0]?.code ?? line?.error?.code ?? '';
  return { action: line?.result.action ?? 'none', reason };
}

export interface BothClients {
  readonly gated: Clients;
  readonly direct: Clients;
}

const REPEATS = 5;

/** The median of a few calls, in milliseconds: a single one tells more of the machine than of the gate. */
async function timeOf(row: Row, clients: Clients): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i += 1) {
    const start = performance.now();
    await row.send(clients).catch(sightOfError);
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[REPEATS >> 1] ?? 0;
}

const WEIGHT = ['allow', 'flag', 'redact', 'rewrite', 'escalate', 'deny'];

/** An exchange leaves a line for its request and one for its answer. */
const mostSevere = (lines: readonly AuditLine[]): AuditLine | undefined =>
  lines.toSorted((a, b) => WEIGHT.indexOf(b.result.action) - WEIGHT.indexOf(a.result.action))[0];

interface Seen {
  readonly action: string;
  readonly reason: string;
  readonly saw: string;
  readonly wasAsked: boolean;
}

function compare(row: Row, seen: Seen): string[] {
  const surprises: string[] = [];
  if (seen.action !== row.action) surprises.push(`decided ${seen.action}, expected ${row.action}`);
  if (!seen.reason.startsWith(row.reason)) surprises.push(`for ${seen.reason}, expected ${row.reason}`);
  if (!row.saw.test(seen.saw)) surprises.push(`the client saw something that ${row.saw} does not describe`);
  if (row.neverSaw?.test(seen.saw) === true) surprises.push('the client saw what it must never see');
  if (seen.wasAsked !== row.reachesUpstream)
    surprises.push(seen.wasAsked ? 'the upstream was asked' : 'the upstream was not asked');
  return surprises;
}
