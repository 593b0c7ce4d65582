import { describe, expect, it } from '@jest/globals';
import type { Finding, Obligation, Part } from '../../../../src/exchange/index.ts';
import { planEdits } from '../../../../src/gate/enforce/plan-edits.ts';

const partOf = (text: string, at: Part['at'] = { start: 0, end: text.length + 2 }): Part => ({
  turn: 0,
  role: 'user',
  origin: 'user',
  lane: '0.0.text',
  kind: 'text',
  text,
  at,
});

const findingOf = (part: number, start: number, end: number): Finding => ({
  detector: 'test',
  code: 'secret.x',
  severity: 'high',
  confidence: 1,
  part,
  origin: 'user',
  start,
  end,
});

const byCode: Obligation = { kind: 'redact', codes: ['secret.x'] };
const bySpans = (...spans: ReadonlyArray<{ part: number; start: number; end: number }>): Obligation => ({
  kind: 'redact_spans',
  code: 'team.words',
  spans,
});

function edit(
  texts: readonly string[],
  obligations: readonly Obligation[],
  findings: readonly Finding[] = [],
): readonly string[] {
  const planned = planEdits({ parts: texts.map((text) => partOf(text)), findings, obligations });
  if (!planned.ok) throw new Error(planned.error);
  return planned.value.map(({ replacement }) => JSON.parse(replacement) as string);
}

describe('a redaction by codes', () => {
  it('masks what was found in every part', () => {
    expect(edit(['abcdef', 'abcdef'], [byCode], [findingOf(0, 1, 3), findingOf(1, 0, 6)])).toEqual([
      'a[redacted:secret.x]def',
      '[redacted:secret.x]',
    ]);
  });

  it('masks nothing outside of the parts it names', () => {
    const findings = [findingOf(0, 1, 3), findingOf(1, 0, 6)];
    expect(edit(['abcdef', 'abcdef'], [{ ...byCode, parts: [0] }], findings)).toEqual([
      'a[redacted:secret.x]def',
    ]);
  });

  it('masks for each policy what that one means', () => {
    const findings = [findingOf(0, 0, 2), { ...findingOf(1, 0, 2), code: 'secret.y' }];
    const narrow: Obligation = { kind: 'redact', codes: ['secret.x', 'secret.y'], parts: [0] };
    expect(edit(['abcd', 'abcd'], [narrow, { kind: 'redact', codes: ['secret.y'] }], findings)).toEqual([
      '[redacted:secret.x]cd',
      '[redacted:secret.y]cd',
    ]);
  });
});

describe('a redaction by spans', () => {
  it('masks them, each with the code of the verdict', () => {
    const spans = bySpans({ part: 0, start: 4, end: 6 }, { part: 0, start: 0, end: 1 });
    expect(edit(['abcdef'], [spans])).toEqual(['[redacted:team.words]bcd[redacted:team.words]']);
  });

  it('makes one of spans that overlap, also with those of findings', () => {
    const spans = bySpans({ part: 0, start: 2, end: 5 }, { part: 0, start: 4, end: 6 });
    expect(edit(['abcdefg'], [byCode, spans], [findingOf(0, 0, 3)])).toEqual(['[redacted:secret.x]g']);
  });

  it('marks a place the same whoever speaks first', () => {
    const spans = bySpans({ part: 0, start: 0, end: 3 });
    for (const order of [
      [byCode, spans],
      [spans, byCode],
    ])
      expect(edit(['abcd'], order, [findingOf(0, 0, 3)])).toEqual(['[redacted:secret.x]d']);
  });

  it('changes nothing for a span of no length', () => {
    expect(edit(['abc'], [bySpans({ part: 0, start: 1, end: 1 })])).toEqual([]);
  });

  it('is an error where a part cannot be edited in place', () => {
    const obligations = [bySpans({ part: 0, start: 0, end: 1 })];
    expect(planEdits({ parts: [partOf('abc', null)], findings: [], obligations }).ok).toBe(false);
  });
});
