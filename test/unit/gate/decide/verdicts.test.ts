import { describe, expect, it } from '@jest/globals';
import { parseVerdicts } from '../../../../src/gate/decide/index.ts';

const parse = (rules: unknown, texts: readonly string[] = []) =>
  parseVerdicts(
    { 'a.b': rules },
    ['a.b'],
    texts.map((text) => ({ text })),
  );
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

  it('may narrow a redaction to some parts, or name stretches of their texts', () => {
    const base = { action: 'redact', code: 'c', message: 'm' };
    const spans = [
      { part: 0, start: 0, end: 1 },
      { part: 1, start: 1, end: 3 },
      { part: 1, start: 4, end: 4 },
    ];
    const verdicts = [
      { ...base, findings: ['secret.x'], parts: [1] },
      { ...base, spans },
    ];
    expect(parse({ verdicts }, ['a', 'b\u{1f600}c']).map(({ obligation }) => obligation)).toEqual([
      { kind: 'redact', codes: ['secret.x'], parts: [1] },
      { kind: 'redact_spans', code: 'c', spans },
    ]);
  });

  it.each([
    ['codes and spans at once', { findings: ['secret.x'], spans: [] }],
    ['spans in some parts', { parts: [0], spans: [] }],
    ['spans that are no list', { spans: { part: 0, start: 0, end: 1 } }],
    ['a span of nothing', { spans: [null] }],
    ['a span in no part', { spans: [{ part: 2, start: 0, end: 0 }] }],
    ['a part before the first', { spans: [{ part: -1, start: 0, end: 0 }] }],
    ['a span beyond its text', { spans: [{ part: 0, start: 0, end: 2 }] }],
    ['a span that ends before it starts', { spans: [{ part: 1, start: 1, end: 0 }] }],
    ['an offset that is no whole number', { spans: [{ part: 1, start: 0.5, end: 1 }] }],
    ['a span that splits a character at its start', { spans: [{ part: 1, start: 2, end: 4 }] }],
    ['a span that splits a character at its end', { spans: [{ part: 1, start: 0, end: 2 }] }],
    [
      'one span of many',
      {
        spans: [
          { part: 0, start: 0, end: 1 },
          { part: 0, start: 0 },
        ],
      },
    ],
    ['codes in no part at all', { findings: ['secret.x'], parts: [] }],
    ['codes in a part that there is not', { findings: ['secret.x'], parts: [2] }],
    ['codes in parts that are no list', { findings: ['secret.x'], parts: 0 }],
  ])('is a failure when a redaction asks for %s', (_, asked) => {
    const verdict = { action: 'redact', code: 'c', message: 'm', ...asked };
    expect(thrownBy(() => parse({ verdicts: [verdict] }, ['a', 'b\u{1f600}c']))).toEqual(malformed);
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
