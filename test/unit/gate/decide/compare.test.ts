import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../../../src/exchange/index.ts';
import { compareDecisions, foldVerdicts } from '../../../../src/gate/decide/index.ts';
import { aVerdict } from '../../../support/exchange-record.ts';

const RULES = { digest: 'd', modes: { 'quiet.policy': 'audit' } } as const;
const decide = (...verdicts: readonly Partial<Verdict>[]) => foldVerdicts(verdicts.map(aVerdict), RULES);
const compare = (before: ReturnType<typeof decide>, after: ReturnType<typeof decide>) => {
  const { change, verdicts } = compareDecisions(before, after);
  return [change, ...verdicts.map((verdict) => `${verdict.policy} ${verdict.code} ${verdict.change}`)];
};

const DENY = { policy: 'a.b', code: 'x', action: 'deny' } as const;
const REDACT = { policy: 'a.b', code: 'y', action: 'redact' } as const;

describe('two decisions', () => {
  it('are the same when they say the same', () => {
    expect(compare(decide(), decide())).toEqual(['same']);
    expect(compare(decide(DENY, REDACT), decide(REDACT, DENY))).toEqual(['same', 'a.b x same', 'a.b y same']);
  });

  it('differ when the second refuses what the first lets pass, or the reverse', () => {
    expect(compare(decide(), decide(DENY))).toEqual(['newly_denied', 'a.b x newly_denied']);
    expect(compare(decide(DENY), decide())).toEqual(['newly_allowed', 'a.b x newly_allowed']);
    expect(compare(decide(), decide({ ...DENY, action: 'escalate' }))[0]).toBe('newly_denied');
  });

  it('differ when both refuse, or both let pass, in other ways', () => {
    expect(compare(decide(DENY), decide({ ...DENY, action: 'escalate' }))).toEqual([
      'other_action',
      'a.b x other_action',
    ]);
    expect(compare(decide(), decide(REDACT))).toEqual(['other_action', 'a.b y other_action']);
  });

  it('tell the same action for other reasons apart', () => {
    expect(compare(decide(DENY), decide({ ...DENY, code: 'z' }))).toEqual([
      'other_reasons',
      'a.b x newly_allowed',
      'a.b z newly_denied',
    ]);
  });

  it('are compared by what is enforced, and by the most severe of equal codes', () => {
    expect(compare(decide(), decide({ ...DENY, policy: 'quiet.policy' }))).toEqual(['same']);
    expect(compare(decide(DENY), decide({ ...DENY, action: 'flag' }, DENY))).toEqual(['same', 'a.b x same']);
  });
});
