import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLog,
  openAuditLog,
  verifyAuditLog,
  type AuditEvent,
  type AuditLog,
} from '../../../../src/gate/record/index.ts';
import { START_MS, aDecision, aRecord, aSide, aVerdict } from '../../../support/exchange-record.ts';

let directory: string;
let file: string;
let messages: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-audit-'));
  file = join(directory, 'audit.jsonl');
  messages = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

const log = createLog({ write: (text) => messages.push(text) });
const open = (path = file, required = true): AuditLog =>
  openAuditLog({ file: path, required, labels: { pod: 'wéb-1' }, log });

const aDecisionEvent = (decision = aDecision()): AuditEvent => ({
  kind: 'decision',
  exchange: aRecord(),
  atMs: START_MS,
  phase: 'request',
  side: aSide({ decision, findings: ['secret.aws_access_key'] }),
  facts: null,
});

async function writeLines(count: number): Promise<void> {
  await using audit = open();
  for (let i = 0; i < count; i += 1) audit.append(aDecisionEvent());
}

const lines = (): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the audit log', () => {
  it('writes a decision in the words of OPA’s decision log, before append returns', async () => {
    await using audit = open();
    audit.append(aDecisionEvent(aDecision({ action: 'deny', verdicts: [aVerdict()] })));
    expect(lines()).toEqual([
      {
        seq: 0,
        prev: '0'.repeat(64),
        decision_id: '0b5c9a52-4f3e-4d0a-9f43-1f0d7a2b6c11',
        trace_id: '0b5c9a524f3e4d0a9f431f0d7a2b6c11',
        timestamp: '2026-11-23T12:00:00.000Z',
        bundles: { postern: { revision: 'a'.repeat(64) } },
        path: 'postern/request',
        input: {
          upstream: 'openai',
          provider: 'openai',
          dialect: 'openai-chat',
          operation: 'chat',
          model: 'gpt-4o',
          stream: false,
          phase: 'request',
          findings: ['secret.aws_access_key'],
          coverage: { bytes: 100, judged: 80, opaque: 0, unknown_fields: 1 },
        },
        result: {
          action: 'deny',
          reasons: [{ policy: 'length.limit', action: 'deny', code: 'length.user_too_long' }],
          recorded: [],
          obligations: [],
        },
        labels: { pod: 'wéb-1' },
      },
    ]);
  });

  it('is readable by its owner only', async () => {
    await writeLines(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('marks an escalation for review', async () => {
    await using audit = open();
    audit.append(aDecisionEvent(aDecision({ action: 'escalate' })));
    expect(lines()[0]).toMatchObject({ review: 'pending' });
  });

  it('writes a failure down as a refusal with its code', async () => {
    await using audit = open();
    audit.append({ kind: 'failure', exchange: aRecord(), atMs: START_MS, failure: 'POSTERN_E_PARSE' });
    expect(lines()[0]).toMatchObject({
      path: 'postern/failure',
      result: { action: 'deny' },
      error: { code: 'POSTERN_E_PARSE' },
    });
  });

  it('goes on with the chain of an earlier process, counting anew', async () => {
    await writeLines(3);
    await writeLines(2);
    expect(lines().map(({ seq }) => seq)).toEqual([0, 1, 2, 0, 1]);
    expect(verifyAuditLog(readFileSync(file, 'utf8'))).toEqual({ ok: true, value: { entries: 5, torn: 0 } });
  });

  it('holds what policies read, and goes on with the chain behind a long line', async () => {
    const parts = Array.from({ length: 2_000 }, (_, turn) => ({
      turn,
      role: 'user',
      kind: 'text',
      chars: 5,
    }));
    const facts = { input: { parts }, erased: ['parts.text'], patterns: 'p' };
    for (let i = 0; i < 2; i += 1) {
      await using audit = open();
      audit.append({ ...aDecisionEvent(), facts } as AuditEvent);
    }
    expect(statSync(file).size).toBeGreaterThan(2 * 65_536);
    expect(lines()[1]).toMatchObject({ facts: { parts }, erased: ['parts.text'], patterns: 'p' });
    expect(verifyAuditLog(readFileSync(file, 'utf8'))).toEqual({ ok: true, value: { entries: 2, torn: 0 } });
  });

  it('goes on behind a line that a crash cut short', async () => {
    await writeLines(2);
    truncateSync(file, statSync(file).size - 20);
    await writeLines(1);
    expect(verifyAuditLog(readFileSync(file, 'utf8'))).toEqual({ ok: true, value: { entries: 2, torn: 1 } });
  });

  it.each([
    [
      'changed',
      (text: string) => text.replace('"gpt-4o"', '"gpt-4x"'),
      'prev is not the hash of the line before',
    ],
    [
      'taken out',
      (text: string) => text.slice(text.indexOf('\n') + 1),
      'prev is not the hash of the line before',
    ],
  ])('shows that a line was %s', async (_how, tamper, problem) => {
    await writeLines(3);
    const verified = verifyAuditLog(tamper(readFileSync(file, 'utf8')));
    expect(verified).toMatchObject({ ok: false, error: { problem } });
  });

  it('refuses, saying so once, when it is required and the disk is full', async () => {
    await using audit = open('/dev/full');
    for (let i = 0; i < 3; i += 1) {
      expect(() => audit.append(aDecisionEvent())).toThrow(
        expect.objectContaining({ code: 'POSTERN_E_AUDIT_UNAVAILABLE' }),
      );
    }
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('the audit log cannot be written');
  });

  it('lets the exchange go on when it is not required', async () => {
    await using audit = open('/dev/full', false);
    expect(() => audit.append(aDecisionEvent())).not.toThrow();
  });

  it('does not open what it cannot write, required or not', () => {
    expect(() => open(join(directory, 'missing', 'audit.jsonl'), false)).toThrow(
      expect.objectContaining({ code: 'POSTERN_E_AUDIT_UNAVAILABLE' }),
    );
  });

  it('never overwrites what is there', async () => {
    writeFileSync(file, 'not ours\n');
    await writeLines(1);
    expect(readFileSync(file, 'utf8').startsWith('not ours\n{"seq":0,')).toBe(true);
  });
});
