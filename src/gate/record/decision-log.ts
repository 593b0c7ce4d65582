// What befell an exchange in; its audit entry, in the words of OPA's decision log, out. Facts and codes, never content.
import type {
  Comparison,
  Coverage,
  Decision,
  ExchangeRecord,
  FailureCode,
  JudgedSide,
  Obligation,
  Phase,
  Verdict,
} from '../../exchange/index.ts';
import { boundList, boundText } from './bounded.ts';
import { traceContextOf } from './trace-context.ts';

type ExchangeFacts = Pick<ExchangeRecord, 'id' | 'traceparent' | 'route' | 'model' | 'stream'>;

interface EventFacts {
  readonly exchange: ExchangeFacts;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** What policies read, without content. */
export interface RecordedFacts {
  readonly input: object;
  /** Paths of the input that were left out. */
  readonly erased: readonly string[];
  /** SHA-256 (hex) of the patterns that were looked for. */
  readonly patterns: string;
}

export type AuditEvent =
  | (EventFacts & {
      readonly kind: 'decision';
      readonly phase: Phase;
      readonly side: JudgedSide;
      /** Null where they are not to be written. */
      readonly facts: RecordedFacts | null;
    })
  | (EventFacts & { readonly kind: 'failure'; readonly failure: FailureCode })
  | (EventFacts & { readonly kind: 'comparison'; readonly phase: Phase; readonly comparison: Comparison });

export type AuditEntry = Readonly<Record<string, unknown>>;

export function describeEvent(event: AuditEvent): AuditEntry {
  const { exchange, atMs } = event;
  const entry = {
    decision_id: exchange.id,
    trace_id: traceContextOf(exchange).traceId,
    timestamp: new Date(atMs).toISOString(),
  };
  const input = describeExchange(exchange);
  switch (event.kind) {
    case 'decision':
      return { ...entry, ...describeDecided(event, input) };
    case 'comparison':
      return { ...entry, ...describeCompared(event, input) };
    case 'failure':
      return {
        ...entry,
        path: 'postern/failure',
        input,
        result: { action: 'deny' },
        error: { code: event.failure },
      };
  }
}

function describeDecided(
  { phase, side, facts }: Extract<AuditEvent, { kind: 'decision' }>,
  input: AuditEntry,
): AuditEntry {
  const { decision, findings, coverage, shown } = side;
  const seen = { findings: boundList(findings), ...(shown === undefined ? {} : { shown }) };
  return {
    bundles: { postern: { revision: decision.digest } },
    path: `postern/${phase}`,
    input: { ...input, phase, ...seen, coverage: describeCoverage(coverage) },
    ...(facts === null ? {} : { facts: facts.input, erased: facts.erased, patterns: facts.patterns }),
    result: describeDecision(decision),
    ...(decision.action === 'escalate' ? { review: 'pending' } : {}),
  };
}

/** A line of its own: nobody waited for the candidate when the decision was written. */
function describeCompared(
  { phase, comparison }: Extract<AuditEvent, { kind: 'comparison' }>,
  input: AuditEntry,
): AuditEntry {
  const { digest, result, action, verdicts, failure } = comparison;
  const changed = verdicts.filter(({ change }) => change !== 'same').slice(0, VERDICTS);
  return {
    bundles: { candidate: { revision: digest } },
    path: `postern/candidate/${phase}`,
    input: { ...input, phase },
    result: {
      action,
      change: result,
      reasons: changed.map(({ policy, code, change }) => ({
        policy: boundText(policy),
        code: boundText(code),
        change,
      })),
    },
    ...(failure === null ? {} : { error: { code: failure } }),
  };
}

const describeExchange = ({ route, model, stream }: ExchangeFacts): AuditEntry => ({
  upstream: route?.upstream.name ?? null,
  provider: route?.upstream.provider ?? null,
  dialect: route?.operation.dialect ?? null,
  operation: route?.operation.name ?? null,
  model: boundText(model),
  stream,
});

const describeCoverage = ({ bytes, judged, opaque, unknownFields }: Coverage): AuditEntry => ({
  bytes,
  judged,
  opaque,
  unknown_fields: unknownFields,
});

const describeDecision = (decision: Decision): AuditEntry => ({
  action: decision.action,
  reasons: describeVerdicts(decision.verdicts),
  recorded: describeVerdicts(decision.recorded),
  obligations: boundList(decision.obligations.map(nameObligation)),
});

const VERDICTS = 32;

/** As they stand in the log. */
export const describeVerdicts = (
  verdicts: readonly Verdict[],
): Array<Pick<Verdict, 'policy' | 'action' | 'code'>> =>
  verdicts
    .slice(0, VERDICTS)
    .map(({ policy, action, code }) => ({ policy: boundText(policy), action, code: boundText(code) }));

const nameObligation = (obligation: Obligation): string =>
  obligation.kind === 'rewrite' ? `rewrite:${obligation.rewrite}` : 'redact';
