import { describe, expect, it } from '@jest/globals';
import { parseVerdicts } from '../../../../src/gate/decide/index.ts';

const parse = (rules: unknown) => parseVerdicts({ 'a.b': rules }, ['a.b']);
const malformed = expect.objectContaining({ code: 'POSTERN_E_POLICY_RESULT' });
const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return null;
};

describe('what policies answer', () => {
  it('is read as verdicts, with the sugar that conftest and Gatekeeper taught', () => {
    const verdicts = parse({
      verdicts: [{ action: 'flag', code: 'x', message: 'm' }],
      deny: ['no'],
      violation: [{ msg: 'no', details: {} }],
      warn: [{ message: 'hm', code: 'own.code' }],
    });
    expect(verdicts).toEqual([
      { policy: 'a.b', action: 'flag', code: 'x', message: 'm' },
      { policy: 'a.b', action: 'deny', code: 'a.b.deny', message: 'no' },
      { policy: 'a.b', action: 'deny', code: 'a.b.violation', message: 'no' },
      { policy: 'a.b', action: 'flag', code: 'own.code', message: 'hm' },
    ]);
  });

  it('carries obligations', () => {
    const base = { code: 'c', message: 'm' };
    const verdicts = parse({
      verdicts: [
        { ...base, action: 'redact', findings: ['secret.x'] },
        { ...base, action: 'rewrite', rewrite: 'truncate', origins: ['user'], limit: 10 },
        { ...base, action: 'rewrite', rewrite: 'trim', origins: ['user'] },
        { ...base, action: 'rewrite', rewrite: 'pin_system', text: 'You are kind.' },
      ],
    });
    expect(verdicts.map(({ obligation }) => obligation)).toEqual([
      { kind: 'redact', codes: ['secret.x'] },
      { kind: 'rewrite', rewrite: 'truncate', origins: ['user'], limit: 10 },
      { kind: 'rewrite', rewrite: 'trim', origins: ['user'] },
      { kind: 'rewrite', rewrite: 'pin_system', text: 'You are kind.' },
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['a list in the place of rules', []],
    ['a verdict that is no object', { verdicts: ['deny'] }],
    ['an action nobody knows', { verdicts: [{ action: 'permit', code: 'c', message: 'm' }] }],
    ['a verdict without a code', { verdicts: [{ action: 'deny', message: 'm' }] }],
    ['a rule that is no set', { deny: true }],
    ['a rule nobody asked for', { allow: [] }],
    ['a denial that is a number', { deny: [1] }],
    ['a redaction of nothing', { verdicts: [{ action: 'redact', code: 'c', message: 'm' }] }],
    [
      'a rewrite nobody knows',
      { verdicts: [{ action: 'rewrite', code: 'c', message: 'm', rewrite: 'shout', origins: [] }] },
    ],
    [
      'a negative limit',
      {
        verdicts: [
          { action: 'rewrite', code: 'c', message: 'm', rewrite: 'truncate', origins: [], limit: -1 },
        ],
      },
    ],
  ])('is a failure when it is %s', (_, rules) => {
    expect(thrownBy(() => parse(rules))).toEqual(malformed);
  });

  it('is a failure when a policy of the bundle is missing from it', () => {
    expect(thrownBy(() => parseVerdicts({ 'a.b': {} }, ['a.b', 'c.d']))).toEqual(malformed);
    expect(thrownBy(() => parseVerdicts(undefined, []))).toEqual(malformed);
  });
});
