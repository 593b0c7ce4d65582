// Findings and obligations in; what has to go of the text of each part, in order and without overlaps, out.
import type { Finding, Obligation } from '../../exchange/index.ts';
import { mergeSpans } from './rewrites/index.ts';

export type Redaction = Pick<Finding, 'code' | 'start' | 'end'>;

type Placed = Redaction & Pick<Finding, 'part'>;

/** By the index of the part; parts that stay as they are have none. */
export function planRedactions(
  findings: readonly Placed[],
  obligations: readonly Obligation[],
): ReadonlyMap<number, readonly Redaction[]> {
  const placed = obligations
    .flatMap((obligation) => placeObligation(obligation, findings))
    .filter(({ start, end }) => start < end);
  const byPart = Map.groupBy(placed, ({ part }) => part);
  return new Map([...byPart].map(([part, spans]) => [part, mergeSpans(spans.toSorted(byCode))]));
}

/** Of two in the same place the mark must always be the same: prompt caches depend on it. */
const byCode = (a: Redaction, b: Redaction): number => (a.code < b.code ? -1 : Number(a.code > b.code));

function placeObligation(obligation: Obligation, findings: readonly Placed[]): readonly Placed[] {
  switch (obligation.kind) {
    case 'redact':
      return findings.filter(isMeantBy(obligation));
    case 'redact_spans':
      return obligation.spans.map((span) => ({ ...span, code: obligation.code }));
    case 'rewrite':
      return [];
  }
}

function isMeantBy({ codes, parts }: Extract<Obligation, { kind: 'redact' }>): (finding: Placed) => boolean {
  const [named, meant] = [new Set(codes), parts === undefined ? null : new Set(parts)];
  return ({ code, part }) => named.has(code) && (meant === null || meant.has(part));
}
