// A decision or failure in; its audit entry, in the words of OPA's decision log, out. Facts and codes, never content.
import {
  type Coverage,
  type ExchangeRecord,
  type FailureCode,
  type JudgedSide,
  type Obligation,
  type Phase,
  type Verdict,
} from '../../exchange/index.ts';
import { boundList, boundText } from './bounded.ts';
import { traceContextOf } from './trace-context.ts';

type ExchangeFacts = Pick<ExchangeRecord, 'id' | 'traceparent' | 'route' | 'model' | 'stream'>;

interface EventFacts {
  readonly exchange: ExchangeFacts;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

export type AuditEvent =
  | (EventFacts & { readonly kind: 'decision'; readonly phase: Phase; readonly side: JudgedSide })
  | (EventFacts & { readonly kind: 'failure'; readonly failure: FailureCode });

export type AuditEntry = Readonly<Record<string, unknown>>;

export function describeEvent(event: AuditEvent): AuditEntry {
  const { exchange, atMs } = event;
  const entry = {
    decision_id: exchange.id,
    trace_id: traceContextOf(exchange).traceId,
    timestamp: new Date(atMs).toISOString(),
  };
  const input = describeExchange(exchange);
  if (event.kind === 'failure') {
    return {
      ...entry,
      path: 'postern/failure',
      input,
      result: { action: 'deny' },
      error: { code: event.failure },
    };
  }
  const { phase, side } = event;
  return {
    ...entry,
    bundles: { postern: { revision: side.decision.digest } },
    path: `postern/${phase}`,
    input: { ...input, phase, findings: boundList(side.findings), coverage: describeCoverage(side.coverage) },
    result: describeDecision(side),
    ...(side.decision.action === 'escalate' ? { review: 'pending' } : {}),
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

const describeDecision = ({ decision }: JudgedSide): AuditEntry => ({
  action: decision.action,
  reasons: describeVerdicts(decision.verdicts),
  recorded: describeVerdicts(decision.recorded),
  obligations: boundList(decision.obligations.map(nameObligation)),
});

const VERDICTS = 32;

const describeVerdicts = (verdicts: readonly Verdict[]): AuditEntry[] =>
  verdicts
    .slice(0, VERDICTS)
    .map(({ policy, action, code }) => ({ policy: boundText(policy), action, code: boundText(code) }));

const nameObligation = (obligation: Obligation): string =>
  obligation.kind === 'redact' ? 'redact' : `rewrite:${obligation.rewrite}`;
