import { describe, expect, it } from '@jest/globals';
import { readEntry } from '../../../../src/cli/replay/read-entry.ts';

const REASON = { policy: 'a.b', code: 'x', action: 'deny' };
const FACTS = { facts: { phase: 'request' }, erased: ['parts.text'], patterns: 'p' };
const ENTRY = {
  decision_id: 'id',
  path: 'postern/request',
  result: { action: 'deny', reasons: [REASON] },
  ...FACTS,
};

describe('an entry of an audit log', () => {
  it('tells of a decision and of the facts it was made on', () => {
    expect(readEntry(ENTRY)).toEqual({
      kind: 'side',
      side: {
        decisionId: 'id',
        phase: 'request',
        said: { action: 'deny', verdicts: [REASON] },
        facts: { input: FACTS.facts, erased: FACTS.erased, patterns: 'p' },
      },
    });
  });

  it('may have been written without facts, or tell of something else', () => {
    const { decision_id, path, result } = ENTRY;
    expect(readEntry({ decision_id, path, result })).toMatchObject({ side: { facts: null } });
    expect(readEntry({ ...ENTRY, path: 'postern/failure' })).toEqual({ kind: 'other' });
    expect(readEntry({ ...ENTRY, path: 'postern/candidate/request' })).toEqual({ kind: 'other' });
  });

  it.each([
    ['no object', [ENTRY]],
    ['another log', { ...ENTRY, path: 'system/main' }],
    ['no id', { ...ENTRY, decision_id: 1 }],
    ['no action that there is', { ...ENTRY, result: { action: 'constructor', reasons: [] } }],
    ['no reasons', { ...ENTRY, result: { action: 'deny' } }],
    ['reasons of another shape', { ...ENTRY, result: { action: 'deny', reasons: [{ code: 'x' }] } }],
    ['facts that do not say what was erased', { ...ENTRY, erased: undefined }],
    ['erased paths that are none', { ...ENTRY, erased: ['parts text'] }],
    ['facts of another shape', { ...ENTRY, facts: [] }],
    ['no patterns', { ...ENTRY, patterns: 1 }],
  ])('is foreign with %s', (_, value) => {
    expect(readEntry(value)).toEqual({ kind: 'foreign' });
  });

  it('brings no escape to a terminal, and nothing long', () => {
    const reason = { ...REASON, code: `\u001b[2J${'x'.repeat(1_000)}` };
    const read = readEntry({ ...ENTRY, decision_id: 'a\nb', result: { action: 'deny', reasons: [reason] } });
    expect(read).toMatchObject({ side: { decisionId: 'a?b' } });
    expect(JSON.stringify(read)).not.toContain('\\u001b');
    expect(JSON.stringify(read).length).toBeLessThan(500);
  });
});
