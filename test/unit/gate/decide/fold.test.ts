import { describe, expect, it } from '@jest/globals';
import type { Action, Verdict } from '../../../../src/exchange/index.ts';
import { foldVerdicts, Permitted } from '../../../../src/gate/decide/index.ts';

const verdict = (action: Action, policy = 'a.b'): Verdict => ({
  policy,
  action,
  code: `${policy}.${action}`,
  message: action,
});
const fold = (verdicts: Verdict[], modes = {}) => foldVerdicts(verdicts, { digest: 'd', modes });

describe('the fold of verdicts', () => {
  it('allows when no policy has anything to say', () => {
    expect(fold([]).action).toBe('allow');
    expect(fold([verdict('allow')]).verdicts).toEqual([]);
  });

  it('takes the most severe action, whatever the order', () => {
    const all: Action[] = ['flag', 'escalate', 'allow', 'deny', 'redact'];
    expect(fold(all.map((action) => verdict(action))).action).toBe('deny');
    expect(
      fold(all.toReversed().map((action) => verdict(action))).verdicts.map(({ action }) => action),
    ).toEqual(['deny', 'escalate', 'redact', 'flag']);
  });

  it.each(['warn', 'audit'])('records what a policy in mode %s says, and does not obey it', (mode) => {
    const decision = fold([verdict('deny', 'x.y'), verdict('flag')], { 'x.y': mode });
    expect(decision.action).toBe('flag');
    expect(decision.recorded.map(({ policy }) => policy)).toEqual(['x.y']);
  });

  it('does not hear a policy that is off', () => {
    expect(fold([verdict('deny', 'x.y')], { 'x.y': 'off' })).toMatchObject({ action: 'allow', recorded: [] });
  });

  it('enforces a policy whose mode nobody stated', () => {
    expect(fold([verdict('deny', 'un.listed')], { 'a.b': 'audit' }).action).toBe('deny');
  });

  it('keeps the obligations of enforced verdicts alone', () => {
    const redact = { ...verdict('redact'), obligation: { kind: 'redact' as const, codes: ['secret.x'] } };
    expect(fold([redact]).obligations).toEqual([redact.obligation]);
    expect(fold([redact], { 'a.b': 'audit' }).obligations).toEqual([]);
  });
});

describe('a permit', () => {
  it('is minted from a decision that lets pass, and from no other', () => {
    for (const action of ['allow', 'flag', 'redact', 'rewrite'] as const) {
      expect(Permitted.mint(fold([verdict(action)]), 1)?.value).toBe(1);
    }
    for (const action of ['escalate', 'deny'] as const)
      expect(Permitted.mint(fold([verdict(action)]), 1)).toBeNull();
  });
});
