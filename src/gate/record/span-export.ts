// Ended spans in; batches over OTLP/HTTP out, bounded. What does not fit or cannot be delivered is dropped and counted.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Losses } from './losses.ts';

const QUEUE_SPANS = 2048;
const BATCH_SPANS = 512;
const DELAY_MS = 1000;
/** Retries included, and shorter than the time that closing takes, so that nothing outlives it. */
export const EXPORT_TIMEOUT_MS = 2500;

export interface SpanExport {
  readonly processor: SpanProcessor;
  /** Whether so many more spans can wait. Asked before they are made: a trace is sent whole or not at all. */
  hasRoom(spans: number): boolean;
}

export function createSpanExport(url: string, losses: Losses): SpanExport {
  let waiting = 0;

  class CountingExporter extends OTLPTraceExporter {
    override export(...[spans, done]: Parameters<OTLPTraceExporter['export']>): void {
      waiting -= spans.length;
      super.export(spans, (result) => {
        if (result.error !== undefined) losses.add('span', spans.length);
        done(result);
      });
    }
  }

  class CountingProcessor extends BatchSpanProcessor {
    override onEnd(span: ReadableSpan): void {
      waiting += 1;
      super.onEnd(span);
    }
  }

  const processor = new CountingProcessor({
    exporter: new CountingExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }),
    maxQueueSize: QUEUE_SPANS,
    maxExportBatchSize: BATCH_SPANS,
    scheduledDelayMillis: DELAY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  return { processor, hasRoom: (spans) => waiting + spans <= QUEUE_SPANS };
}
