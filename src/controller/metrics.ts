// What the controller did in; Prometheus' text format out. Label values come from closed sets.
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Standing } from '../cluster/distribute/index.ts';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

export interface Metrics {
  noteReview(review: { readonly kind: string; readonly reason: string; readonly ms: number }): void;
  text(): Promise<string>;
}

interface Observed {
  readonly expiresAt: () => Date | null;
  readonly isLeader: () => boolean;
  /** How each namespace stood when it was judged last; empty where another replica judges. */
  readonly states: () => readonly NamespaceState[];
}

/** `held`: its candidate is. */
type NamespaceState = Standing['state'] | 'held';
const STATES: readonly NamespaceState[] = ['ok', 'pending', 'degraded', 'error', 'held'];

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export function createMetrics({ expiresAt, isLeader, states }: Observed): Metrics {
  const scrape = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  const meter = new MeterProvider({ readers: [scrape] }).getMeter('postern');
  const reviews = meter.createCounter('postern.injection.reviews', {
    description: 'Pods that the API server asked about: patched, skipped and why, denied, malformed.',
  });
  const durations = meter.createHistogram('postern.injection.duration', {
    unit: 's',
    description: 'From a review, read, to its answer.',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  meter
    .createObservableGauge('postern.certificate.expires', {
      unit: 's',
      description: 'Seconds until the certificate that is served runs out.',
    })
    .addCallback((result) => {
      const date = expiresAt();
      if (date !== null) result.observe((date.getTime() - Date.now()) / 1000);
    });
  meter
    .createObservableGauge('postern.controller.leader', { description: '1 in the replica that writes.' })
    .addCallback((result) => result.observe(Number(isLeader())));
  meter
    .createObservableGauge('postern.policies.namespaces', {
      description: 'Namespaces by how their policies stand; held: their candidate is held back.',
    })
    .addCallback((result) => {
      const all = isLeader() ? states() : [];
      for (const state of STATES)
        result.observe(all.filter((each) => each === state).length, { 'postern.state': state });
    });
  return {
    noteReview: ({ kind, reason, ms }) => {
      reviews.add(1, { 'postern.result': kind, 'postern.reason': reason });
      durations.record(ms / 1000);
    },
    text: async () => serializer.serialize((await scrape.collect()).resourceMetrics),
  };
}
