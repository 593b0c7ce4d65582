// A finished exchange in; points on the instruments of one table out. Label values come from closed or bounded sets.
import type { Attributes, Meter } from '@opentelemetry/api';
import type { Action, Decision, ExchangeRecord, Phase, Verdict } from '../../exchange/index.ts';
import { createComparisonMeasure } from './comparison-metrics.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import { mostSevere } from './guardrail.ts';
import { LabelSet } from './label-set.ts';
import type { Losses } from './losses.ts';
import type { PolicyStatus } from './policy-status.ts';
import { ATTR, METRICS, POSTERN, providerName } from './semconv.ts';
import { callOf } from './spans.ts';

/** Distinct models that keep a label of their own; only models a provider has answered for are admitted. */
const MODELS = 64;
const CODES = 256;

export interface Observed {
  readonly policy: PolicyStatus;
  readonly losses: Losses;
  readonly connections: ConnectionCounts;
  readonly shedding: { readonly level: number };
  readonly lastContactAtMs: () => number | null;
}

export function createMeasure(meter: Meter, observed: Observed): (record: ExchangeRecord) => void {
  observe(meter, observed);
  observeCanary(meter, observed.connections);
  observeShedding(meter, observed.shedding);
  observeSource(meter, observed.lastContactAtMs);
  const exchanges = createCounter(meter, METRICS.exchanges);
  const measureChat = createChatMeasure(meter);
  const measureVerdicts = createVerdictMeasure(meter);
  const measureComparison = createComparisonMeasure(meter);
  return (record) => {
    exchanges.add(1, {
      [POSTERN.outcome]: record.outcome,
      [POSTERN.action]: actionOf(record),
      [POSTERN.upstream]: record.route?.upstream.name ?? 'none',
    });
    if (record.request !== null) measureVerdicts('request', record.request.decision);
    if (record.response !== null) measureVerdicts('response', record.response.decision);
    for (const phase of ['request', 'response'] as const) measureComparison(phase, record.candidate[phase]);
    measureChat(record);
  };
}

const actionOf = ({ request, response }: ExchangeRecord): Action =>
  mostSevere([request?.decision.action ?? 'allow', response?.decision.action ?? 'allow']);

function createVerdictMeasure(meter: Meter): (phase: Phase, decision: Decision) => void {
  const verdicts = createCounter(meter, METRICS.verdicts);
  const codes = new LabelSet(CODES);
  const add = (phase: Phase, mode: string, { action, code }: Verdict): void =>
    verdicts.add(1, {
      [POSTERN.phase]: phase,
      [POSTERN.mode]: mode,
      [POSTERN.action]: action,
      [POSTERN.code]: codes.admit(code),
    });
  return (phase, decision) => {
    for (const verdict of decision.verdicts) add(phase, 'enforce', verdict);
    for (const verdict of decision.recorded) add(phase, verdict.mode, verdict);
  };
}

function createChatMeasure(meter: Meter): (record: ExchangeRecord) => void {
  const tokens = createHistogram(meter, METRICS.tokenUsage);
  const duration = createHistogram(meter, METRICS.operationDuration);
  const models = new LabelSet(MODELS);
  return (record) => {
    const call = callOf(record);
    if (call === null) return;
    const labels = chatLabels(record, models);
    const outcome = call.error === null ? labels : { ...labels, [ATTR.errorType]: call.error };
    duration.record((call.endMs - call.startMs) / 1000, outcome);
    const { inputTokens, outputTokens } = record.usage;
    if (inputTokens !== undefined) tokens.record(inputTokens, { ...labels, [ATTR.tokenType]: 'input' });
    if (outputTokens !== undefined) tokens.record(outputTokens, { ...labels, [ATTR.tokenType]: 'output' });
  };
}

function chatLabels({ route, model, upstreamStatus }: ExchangeRecord, models: LabelSet): Attributes {
  return {
    [ATTR.operationName]: route?.operation.name,
    [ATTR.providerName]: route === null ? undefined : providerName(route.upstream.provider),
    [ATTR.requestModel]: upstreamStatus === 200 ? models.admit(model) : models.lookUp(model),
    [POSTERN.upstream]: route?.upstream.name,
  };
}

/** What nobody counts as it happens is read when somebody collects. */
function observe(meter: Meter, { policy, losses, connections }: Observed): void {
  meter.createObservableCounter(METRICS.policyLoads.name, METRICS.policyLoads).addCallback((result) => {
    result.observe(policy.loaded, { [POSTERN.result]: 'ok' });
    result.observe(policy.failed, { [POSTERN.result]: 'failed' });
  });
  meter.createObservableGauge(METRICS.policyAge.name, METRICS.policyAge).addCallback((result) => {
    const current = policy.current();
    if (current === null) return;
    const { ageSeconds, digest, keyId } = current;
    const signer = keyId === null ? {} : { [POSTERN.keyId]: keyId };
    result.observe(ageSeconds, { [POSTERN.digest]: digest, ...signer });
  });
  meter
    .createObservableCounter(METRICS.telemetryDropped.name, METRICS.telemetryDropped)
    .addCallback((result) => {
      for (const [signal, count] of losses.counts()) result.observe(count, { [POSTERN.signal]: signal });
    });
  meter.createObservableCounter(METRICS.connections.name, METRICS.connections).addCallback((result) => {
    for (const { mode, way, why, count } of connections.list())
      result.observe(count, {
        [POSTERN.interceptionMode]: mode,
        [POSTERN.way]: way,
        ...(why === null ? {} : { [POSTERN.why]: why }),
      });
  });
}

function observeCanary(meter: Meter, connections: ConnectionCounts): void {
  meter.createObservableGauge(METRICS.canary.name, METRICS.canary).addCallback((result) => {
    if (connections.isRedirected !== null) result.observe(Number(connections.isRedirected));
  });
}

function observeShedding(meter: Meter, shedding: Observed['shedding']): void {
  meter
    .createObservableGauge(METRICS.shedding.name, METRICS.shedding)
    .addCallback((result) => result.observe(shedding.level));
}

function observeSource(meter: Meter, lastContactAtMs: Observed['lastContactAtMs']): void {
  meter.createObservableGauge(METRICS.sourceAge.name, METRICS.sourceAge).addCallback((result) => {
    const atMs = lastContactAtMs();
    if (atMs !== null) result.observe((Date.now() - atMs) / 1000);
  });
}

interface Instrument {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

const createCounter = (
  meter: Meter,
  { name, unit, description }: Instrument,
): ReturnType<Meter['createCounter']> => meter.createCounter(name, { unit, description });

const createHistogram = (
  meter: Meter,
  { name, unit, description, buckets }: Instrument & { readonly buckets: readonly number[] },
): ReturnType<Meter['createHistogram']> =>
  meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...buckets] } });
