// Starts OpenTelemetry's SDK. Imported late and only from telemetry.ts: loading it takes half a second and 40 MiB.
import { context, metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { ExchangeRecord } from '../../exchange/index.ts';
import { createMeasure, type Observed } from './metrics.ts';
import type { Losses } from './losses.ts';
import { SEMCONV_VERSION } from './semconv.ts';
import { EXPORT_TIMEOUT_MS, openSpanExport, type SpanExport } from './span-export.ts';
import { spansOf } from './spans.ts';

export interface SdkOptions extends Observed {
  /** Base URL of an OTLP/HTTP receiver; null keeps everything in the process. */
  readonly otlp: string | null;
  readonly resource: Readonly<Record<string, string>>;
}

export interface Sdk {
  emit(record: ExchangeRecord): void;
  metricsText(): Promise<string>;
  shutdown(): Promise<void>;
}

const SCHEMA_URL = `https://opentelemetry.io/schemas/${SEMCONV_VERSION}`;
const PUSH_INTERVAL_MS = 15_000;

export function startSdk(options: SdkOptions): Sdk {
  const { otlp, losses } = options;
  const scrape = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  const resource = describeResource(options.resource);
  const spans = otlp === null ? null : openSpans(signalUrl(otlp, 'traces'), resource, losses);
  const metricPush = otlp === null ? null : createMetricPush(signalUrl(otlp, 'metrics'), losses);
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    // Spans go their own way: see openSpanExport.
    spanProcessors: [],
    metricReaders: metricPush === null ? [scrape] : [scrape, metricPush],
    // One for all readers: without a view, each would have every point added up for itself.
    views: [{ instrumentName: '*' }],
    logRecordProcessors: [],
    instrumentations: [],
    textMapPropagator: null,
  });
  sdk.start();
  const measure = createMeasure(metrics.getMeter('postern'), options);
  return {
    emit(record) {
      measure(record);
      spans?.add(record, spansOf(record));
    },
    metricsText: async () => serializer.serialize((await scrape.collect()).resourceMetrics),
    async shutdown() {
      // Both to their end first: the SDK stops waiting for the one as soon as the other is refused.
      const ends = await Promise.allSettled([spans?.shutdown(), metricPush?.shutdown()]);
      await sdk.shutdown().finally(releaseGlobals);
      if (ends.some(({ status }) => status === 'rejected')) throw new Error('not everything was received');
    },
  };
}

const describeResource = (attributes: SdkOptions['resource']): Resource =>
  defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'postern', ...attributes }))
    .merge(detectResources({ detectors: [envDetector] }));

function openSpans(url: string, { attributes }: Resource, losses: Losses): SpanExport {
  const texts = Object.entries(attributes).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return openSpanExport(
    url,
    { resource: Object.fromEntries(texts), scope: 'postern', schemaUrl: SCHEMA_URL },
    losses,
  );
}

/** `v1/<signal>` below the base, whatever path the base has. */
const signalUrl = (base: string, signal: 'traces' | 'metrics'): string =>
  new URL(`v1/${signal}`, base.endsWith('/') ? base : `${base}/`).href;

function createMetricPush(url: string, losses: Losses): PeriodicExportingMetricReader {
  const exporter = new (class extends OTLPMetricExporter {
    override export(...[batch, done]: Parameters<OTLPMetricExporter['export']>): void {
      super.export(batch, (result) => {
        if (result.error !== undefined) losses.add('metrics', 1);
        done(result);
      });
    }
  })({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: PUSH_INTERVAL_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
}

/** The SDK registers itself for the whole process; what is started again must be able to register again. */
function releaseGlobals(): void {
  metrics.disable();
  context.disable();
}
