import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Finding, Obligation, Part, PartSpan } from '../../src/exchange/index.ts';
import { planEdits } from '../../src/gate/enforce/plan-edits.ts';

/** Every character once, none of which a mark is written with. */
const TEXT = Array.from({ length: 40 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
const PART: Part = {
  turn: 0,
  role: 'user',
  origin: 'user',
  lane: '0.0.text',
  kind: 'text',
  text: TEXT,
  at: { start: 0, end: TEXT.length + 2 },
};

const SPAN = fc
  .tuple(fc.nat(TEXT.length - 1), fc.nat(TEXT.length - 1))
  .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }));
const FINDINGS = fc.array(
  fc.tuple(SPAN, fc.constantFrom('secret.a', 'secret.b')).map(([span, code]): Finding => ({
    ...span,
    code,
    detector: 'test',
    severity: 'high',
    confidence: 1,
    part: 0,
    origin: 'user',
  })),
  { maxLength: 4 },
);
const REDACTION: fc.Arbitrary<Obligation> = fc.oneof(
  fc.subarray(['secret.a', 'secret.b']).map((codes) => ({ kind: 'redact', codes }) as const),
  fc.array(SPAN, { maxLength: 3 }).map(
    (spans) =>
      ({
        kind: 'redact_spans',
        code: 'team.x',
        spans: spans.map((span) => ({ part: 0, ...span })),
      }) as const,
  ),
);
const TRUNCATION: fc.Arbitrary<Obligation & { readonly limit: number }> = fc
  .nat(50)
  .map((limit) => ({ kind: 'rewrite', rewrite: 'truncate', origins: ['user'], limit }) as const);

function apply(obligations: readonly Obligation[], findings: readonly Finding[]): string {
  const planned = planEdits({ parts: [PART], findings, obligations });
  if (!planned.ok) throw new Error(planned.error);
  const [edit] = planned.value;
  return edit === undefined ? TEXT : (JSON.parse(edit.replacement) as string);
}

const isMasked = (at: number, obligations: readonly Obligation[], findings: readonly Finding[]): boolean =>
  obligations.some((obligation) => {
    const covers = ({ start = 0, end = 0 }: Partial<PartSpan>): boolean => start <= at && at < end;
    if (obligation.kind === 'redact_spans') return obligation.spans.some(covers);
    if (obligation.kind !== 'redact') return false;
    return findings.some((finding) => obligation.codes.includes(finding.code) && covers(finding));
  });

describe('what several policies oblige to', () => {
  it('is met together, in whatever order they spoke: nothing masked is left, and no more than the least length', () => {
    fc.assert(
      fc.property(
        FINDINGS,
        fc.array(REDACTION, { maxLength: 4 }),
        fc.array(TRUNCATION, { maxLength: 3 }),
        (findings, redactions, truncations) => {
          const obligations = [...redactions, ...truncations];
          const text = apply(obligations, findings);
          expect(apply(obligations.toReversed(), findings)).toBe(text);
          expect([...text].length).toBeLessThanOrEqual(
            Math.min(Infinity, ...truncations.map(({ limit }) => limit)),
          );
          const masked = [...TEXT].filter((_, at) => isMasked(at, obligations, findings));
          expect(masked.filter((character) => text.includes(character))).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('leaves everything else as it was', () => {
    fc.assert(
      fc.property(FINDINGS, fc.array(REDACTION, { maxLength: 4 }), (findings, redactions) => {
        const text = apply(redactions, findings);
        const kept = [...TEXT].filter((_, at) => !isMasked(at, redactions, findings));
        expect([...text].filter((character) => TEXT.includes(character))).toEqual(kept);
      }),
    );
  });
});
