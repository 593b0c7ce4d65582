// Starts OpenTelemetry's SDK. Imported late and only from telemetry.ts: loading it takes half a second and 40 MiB.
import { context, metrics, trace } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { defaultResource, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace';
import type { ExchangeRecord } from '../../exchange/index.ts';
import { createMeasure, type Observed } from './metrics.ts';
import type { Losses } from './losses.ts';
import { SEMCONV_VERSION } from './semconv.ts';
import { createSpanExport, EXPORT_TIMEOUT_MS } from './span-export.ts';
import { spansOf } from './spans.ts';
import { createSpanWriter, type TraceIds } from './tracer.ts';

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
const SPAN_LIMITS = { attributeCountLimit: 64, attributeValueLengthLimit: 1024 };

export function startSdk(options: SdkOptions): Sdk {
  const { otlp, losses } = options;
  const scrape = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  const ids = createIds();
  const spanExport = otlp === null ? null : createSpanExport(signalUrl(otlp, 'traces'), losses);
  const metricPush = otlp === null ? null : createMetricPush(signalUrl(otlp, 'metrics'), losses);
  const sdk = new NodeSDK({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': 'postern', ...options.resource }),
    ),
    resourceDetectors: [envDetector],
    // Not the parent-based default: a caller that sends "not sampled" must not be able to silence us.
    sampler: new AlwaysOnSampler(),
    spanLimits: SPAN_LIMITS,
    idGenerator: ids,
    spanProcessors: spanExport === null ? [] : [spanExport.processor],
    metricReaders: metricPush === null ? [scrape] : [scrape, metricPush],
    logRecordProcessors: [],
    instrumentations: [],
    textMapPropagator: null,
  });
  sdk.start();
  const tracer = trace.getTracerProvider().getTracer('postern', undefined, { schemaUrl: SCHEMA_URL });
  const writeSpans = createSpanWriter(tracer, ids);
  const measure = createMeasure(metrics.getMeter('postern'), options);
  return {
    emit(record) {
      measure(record);
      if (spanExport === null) return;
      const plans = spansOf(record);
      if (spanExport.hasRoom(plans.length)) writeSpans(record, plans);
      else losses.add('span', plans.length);
    },
    metricsText: async () => serializer.serialize((await scrape.collect()).resourceMetrics),
    async shutdown() {
      // Both to their end first: the SDK stops waiting for the one as soon as the other is refused.
      await Promise.allSettled([spanExport?.processor.shutdown(), metricPush?.shutdown()]);
      await sdk.shutdown().finally(releaseGlobals);
    },
  };
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

function createIds(): IdGenerator & TraceIds {
  const random = new RandomIdGenerator();
  return {
    nextTraceId: '',
    generateTraceId() {
      return this.nextTraceId;
    },
    generateSpanId: () => random.generateSpanId(),
  };
}

/** The SDK registers itself for the whole process; what is started again must be able to register again. */
function releaseGlobals(): void {
  trace.disable();
  metrics.disable();
  context.disable();
}
