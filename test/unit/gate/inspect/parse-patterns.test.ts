import { describe, expect, it } from '@jest/globals';
import { parseDetectors, parsePatterns } from '../../../../src/gate/inspect/index.ts';

const issuesOf = (data: unknown): readonly string[] => {
  const parsed = parsePatterns(data);
  return parsed.ok ? [] : parsed.error.map(({ path, message }) => `${path}: ${message}`);
};

describe('patterns', () => {
  it('are parsed with their usual view and severity', () => {
    expect(
      parsePatterns([
        { id: 'a.phrase', literal: 'Hello there' },
        { id: 'a.shape', re2: 'x{3}', max_length: 3, severity: 'low', origins: ['tool'] },
      ]),
    ).toEqual({
      ok: true,
      value: [
        { id: 'a.phrase', literal: 'Hello there', severity: 'high', view: 'folded' },
        { id: 'a.shape', re2: 'x{3}', maxLength: 3, severity: 'low', view: 'raw', origins: ['tool'] },
      ],
    });
  });

  it.each([
    ['a list', {}, /must be a list/],
    ['objects', ['x'], /^\[0\]: must be an object/],
    ['an id', [{ literal: 'x' }], /^\[0\]\.id: /],
    ['a dotted id', [{ id: 'Nope', literal: 'x' }], /^\[0\]\.id: /],
    ['a literal or an expression', [{ id: 'a.b' }], /exactly one/],
    ['not both', [{ id: 'a.b', literal: 'x', re2: 'x', max_length: 1 }], /exactly one/],
    ['known keys', [{ id: 'a.b', literal: 'x', regex: 'y' }], /^\[0\]\.regex: is not a key/],
    ['a length for expressions', [{ id: 'a.b', re2: 'x' }], /^\[0\]\.max_length: /],
    ['no length for literals', [{ id: 'a.b', literal: 'x', max_length: 3 }], /^\[0\]\.max_length: /],
    ['RE2 expressions', [{ id: 'a.b', re2: '(?=x)', max_length: 3 }], /not an RE2/],
    ['small programs', [{ id: 'a.b', re2: '(?:[a-z]{100}){90}', max_length: 3 }], /too large|not an RE2/],
    ['literals that fold to something', [{ id: 'a.b', literal: '<|>' }], /no letter or digit/],
    ['known origins', [{ id: 'a.b', literal: 'x', origins: ['nobody'] }], /^\[0\]\.origins: /],
    ['lists that are not empty', [{ id: 'a.b', literal: 'x', kinds: [] }], /^\[0\]\.kinds: /],
    ['a way to wait', [{ id: 'a.b', literal: 'x', stream: 'never' }], /^\[0\]\.stream: must be "strict"/],
    ['a lag of some length', [{ id: 'a.b', literal: 'x', stream: 'lag 0' }], /^\[0\]\.stream: /],
    ['a lag within bounds', [{ id: 'a.b', literal: 'x', stream: 'lag 4097' }], /^\[0\]\.stream: /],
    ['known severities', [{ id: 'a.b', literal: 'x', severity: 'awful' }], /^\[0\]\.severity: /],
    ['a bounded number', Array.from({ length: 2001 }, () => ({ id: 'a.b', literal: 'x' })), /at most/],
    [
      'a bounded automaton',
      Array.from({ length: 400 }, (_, i) => ({
        id: 'a.b',
        literal: String.fromCodePoint(...Array.from({ length: 50 }, (__, k) => 0x4e00 + i * 50 + k)),
      })),
      /too many/,
    ],
  ])('must be %s', (_, data, issue) => {
    expect(issuesOf(data)).toContainEqual(expect.stringMatching(issue));
  });

  it('report every issue at once, without the text of a pattern', () => {
    const issues = issuesOf([
      { id: 'X', re2: '(topsecret' },
      { id: 'a.b', literal: '' },
    ]);
    expect(issues).toHaveLength(4);
    expect(issues.join()).not.toContain('topsecret');
  });
});

describe('detectors', () => {
  it('are set by their names', () => {
    const parsed = parseDetectors({ secrets: { stream: 'strict' }, entropy: { stream: 'lag 64' }, code: {} });
    expect(parsed.ok ? Object.fromEntries(parsed.value) : parsed.error).toEqual({
      secrets: { kind: 'strict' },
      entropy: { kind: 'lag', units: 64 },
      code: { kind: 'bounded' },
    });
  });

  it.each([
    ['a mapping', [], { path: '', message: 'must be an object' }],
    ['known', { secret: {} }, { path: '.secret', message: expect.stringContaining('entropy, code') }],
    ['mappings', { code: 'strict' }, { path: '.code', message: 'must be an object' }],
    ['set by known keys', { code: { lag: 3 } }, { path: '.code.lag', message: 'is not a key of a detector' }],
    ['told how to wait', { code: { stream: 3 } }, { path: '.code.stream', message: expect.any(String) }],
  ])('must be %s', (_, data, issue) => {
    const parsed = parseDetectors(data);
    expect(parsed.ok ? [] : parsed.error).toEqual([issue]);
  });
});
