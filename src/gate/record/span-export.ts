// Ended spans in; batches over OTLP/HTTP out, bounded. What does not fit or cannot be delivered is dropped and counted.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Losses } from './losses.ts';

const QUEUE_SPANS = 2048;
const BATCH_SPANS = 512;
const DELAY_MS = 1000;
/** Retries included, and shorter than the time that closing takes, so that nothing outlives it. */
export const EXPORT_TIMEOUT_MS = 2500;

/** The processor drops in silence when its queue is full; counting what waits makes the drop ours, and visible. */
export function createSpanExport(url: string, losses: Losses): SpanProcessor {
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
      if (waiting >= QUEUE_SPANS) {
        losses.add('span', 1);
        return;
      }
      waiting += 1;
      super.onEnd(span);
    }
  }

  return new CountingProcessor({
    exporter: new CountingExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }),
    maxQueueSize: QUEUE_SPANS,
    maxExportBatchSize: BATCH_SPANS,
    scheduledDelayMillis: DELAY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
}
