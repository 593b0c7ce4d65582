// An exchange in; the trace it belongs to out. The audit log and the spans both ask here, so they agree.
import type { ExchangeRecord } from '../../exchange/index.ts';

export interface TraceContext {
  readonly traceId: string;
  /** The caller's span; null when the trace begins with this exchange. */
  readonly parentSpanId: string | null;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/;

/** Without a caller's context the trace takes the exchange's id, a UUID, less its dashes. */
export function traceContextOf({
  id,
  traceparent,
}: Pick<ExchangeRecord, 'id' | 'traceparent'>): TraceContext {
  const [, traceId, parentSpanId] = (traceparent === null ? null : TRACEPARENT.exec(traceparent)) ?? [];
  if (traceId === undefined || parentSpanId === undefined) {
    return { traceId: id.replaceAll('-', ''), parentSpanId: null };
  }
  return { traceId, parentSpanId };
}
