// Planned spans in; spans of OpenTelemetry, with the times and the parent they had, out.
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import type { ExchangeRecord } from '../../exchange/index.ts';
import { ATTR } from './semconv.ts';
import type { SpanPlan } from './spans.ts';
import { traceContextOf } from './trace-context.ts';

const KIND = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

/** Gives the trace that begins next its id, so that the audit log can name the trace before there is one. */
export interface TraceIds {
  nextTraceId: string;
}

export const createSpanWriter =
  (tracer: Tracer, ids: TraceIds) =>
  (record: ExchangeRecord, plans: readonly SpanPlan[]): void => {
    const { traceId, parentSpanId } = traceContextOf(record);
    ids.nextTraceId = traceId;
    const contexts: Context[] = [];
    for (const plan of plans) {
      const parent = plan.parent === null ? remoteContext(traceId, parentSpanId) : contexts[plan.parent];
      contexts.push(writeSpan(tracer, plan, parent ?? ROOT_CONTEXT));
    }
  };

function writeSpan(tracer: Tracer, plan: SpanPlan, parent: Context): Context {
  const attributes =
    plan.error === null ? plan.attributes : { ...plan.attributes, [ATTR.errorType]: plan.error };
  const span = tracer.startSpan(
    plan.name,
    { kind: KIND[plan.kind], startTime: plan.startMs, attributes },
    parent,
  );
  if (plan.error !== null) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(plan.endMs);
  return trace.setSpan(parent, span);
}

const remoteContext = (traceId: string, spanId: string | null): Context =>
  spanId === null
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
