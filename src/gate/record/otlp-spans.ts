// Planned spans in; the bytes that OTLP has for them out, at once: what waits to be sent is bytes, not objects.
import type { ExchangeRecord } from '../../exchange/index.ts';
import type { Attributes } from './guardrail.ts';
import type { ProtobufWriter } from './protobuf.ts';
import { ATTR } from './semconv.ts';
import type { SpanPlan } from './spans.ts';
import { traceContextOf } from './trace-context.ts';

/** opentelemetry/proto/trace/v1 and common/v1, by their numbers. */
const REQUEST = { resourceSpans: 1 } as const;
const RESOURCE_SPANS = { resource: 1, scopeSpans: 2 } as const;
const RESOURCE = { attributes: 1 } as const;
const SCOPE_SPANS = { scope: 1, spans: 2, schemaUrl: 3 } as const;
const SCOPE = { name: 1 } as const;
const SPAN = {
  traceId: 1,
  spanId: 2,
  parentSpanId: 4,
  name: 5,
  kind: 6,
  start: 7,
  end: 8,
  attributes: 9,
  status: 15,
  flags: 16,
} as const;
const STATUS = { code: 3 } as const;
const KEY_VALUE = { key: 1, value: 2 } as const;
const ANY = { text: 1, flag: 2, whole: 3, fraction: 4, list: 5 } as const;
const LIST = { values: 1 } as const;

const KIND = { internal: 1, server: 2, client: 3 } as const;
const ERROR = 2;
/** Sampled always: a caller that sends "not sampled" must not be able to silence us. */
const SAMPLED = 0x01;
const TELLS_IF_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** What makes the plans keeps texts far shorter; whatever else comes here, a span does not grow with it. */
const LONGEST_TEXT = 1024;

/** 52 random bits in 14 digits, and two digits that number the spans of one exchange. */
const nameExchange = (): string => Math.floor((1 + Math.random()) * 2 ** 52).toString(16);

const nameSpan = (exchange: string, index: number): string => exchange + (index + 0x10).toString(16);

/** One message of a list of spans. */
export function writeSpans(out: ProtobufWriter, record: ExchangeRecord, plans: readonly SpanPlan[]): void {
  const { traceId, parentSpanId } = traceContextOf(record);
  const exchange = nameExchange();
  for (const [index, plan] of plans.entries()) {
    const parent = plan.parent === null ? parentSpanId : nameSpan(exchange, plan.parent);
    const isRemote = plan.parent === null && parent !== null;
    const start = out.open(SCOPE_SPANS.spans);
    out.hex(SPAN.traceId, traceId);
    out.hex(SPAN.spanId, nameSpan(exchange, index));
    if (parent !== null) out.hex(SPAN.parentSpanId, parent);
    writePlan(out, plan);
    out.fixed32(SPAN.flags, SAMPLED | TELLS_IF_REMOTE | (isRemote ? IS_REMOTE : 0));
    out.close(start);
  }
}

function writePlan(out: ProtobufWriter, { name, kind, startMs, endMs, attributes, error }: SpanPlan): void {
  out.text(SPAN.name, name);
  out.uint(SPAN.kind, KIND[kind]);
  out.nanoseconds(SPAN.start, startMs);
  out.nanoseconds(SPAN.end, endMs);
  writeAttributes(out, SPAN.attributes, attributes);
  if (error === null) return;
  writeAttribute(out, SPAN.attributes, [ATTR.errorType, error]);
  const status = out.open(SPAN.status);
  out.uint(STATUS.code, ERROR);
  out.close(status);
}

export interface Envelope {
  readonly resource: Attributes;
  readonly scope: string;
  readonly schemaUrl: string;
}

/** A whole request of `spans`, as they were written above. */
export function writeRequest(out: ProtobufWriter, spans: Uint8Array, envelope: Envelope): void {
  const resourceSpans = out.open(REQUEST.resourceSpans);
  const resource = out.open(RESOURCE_SPANS.resource);
  writeAttributes(out, RESOURCE.attributes, envelope.resource);
  out.close(resource);
  const scopeSpans = out.open(RESOURCE_SPANS.scopeSpans);
  const scope = out.open(SCOPE_SPANS.scope);
  out.text(SCOPE.name, envelope.scope);
  out.close(scope);
  out.raw(spans);
  out.text(SCOPE_SPANS.schemaUrl, envelope.schemaUrl);
  out.close(scopeSpans);
  out.close(resourceSpans);
}

function writeAttributes(out: ProtobufWriter, field: number, attributes: Attributes): void {
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) writeAttribute(out, field, [name, value]);
  }
}

type Value = Attributes[string];

function writeAttribute(out: ProtobufWriter, field: number, [name, value]: readonly [string, Value]): void {
  const pair = out.open(field);
  out.text(KEY_VALUE.key, name);
  writeValue(out, KEY_VALUE.value, value);
  out.close(pair);
}

function writeValue(out: ProtobufWriter, field: number, value: Value): void {
  const start = out.open(field);
  if (typeof value === 'string') out.text(ANY.text, value.slice(0, LONGEST_TEXT));
  else if (typeof value === 'boolean') out.uint(ANY.flag, Number(value));
  else if (typeof value === 'number') writeNumber(out, value);
  else writeList(out, value);
  out.close(start);
}

function writeNumber(out: ProtobufWriter, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) out.uint(ANY.whole, value);
  else out.double(ANY.fraction, value);
}

function writeList(out: ProtobufWriter, values: readonly string[]): void {
  const list = out.open(ANY.list);
  for (const value of values) writeValue(out, LIST.values, value);
  out.close(list);
}
