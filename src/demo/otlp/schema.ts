// The messages of OTLP that a receiver of traces and metrics reads, by their field numbers; what is not named is skipped.
import protobuf from 'protobufjs/light.js';

const field = (id: number, type: string): protobuf.IField => ({ id, type });
const list = (id: number, type: string): protobuf.IField => ({ id, type, rule: 'repeated' });

/** A message holding one repeated field, as most of OTLP's envelopes do. */
const messages: Readonly<Record<string, Readonly<Record<string, protobuf.IField>>>> = {
  KeyValue: { key: field(1, 'string'), value: field(2, 'AnyValue') },
  AnyValue: {
    stringValue: field(1, 'string'),
    boolValue: field(2, 'bool'),
    intValue: field(3, 'int64'),
    doubleValue: field(4, 'double'),
    arrayValue: field(5, 'ArrayValue'),
  },
  ArrayValue: { values: list(1, 'AnyValue') },
  Resource: { attributes: list(1, 'KeyValue') },
  Scope: { name: field(1, 'string') },
  Traces: { resourceSpans: list(1, 'ResourceSpans') },
  ResourceSpans: { resource: field(1, 'Resource'), scopeSpans: list(2, 'ScopeSpans') },
  ScopeSpans: { scope: field(1, 'Scope'), spans: list(2, 'Span') },
  Span: {
    traceId: field(1, 'bytes'),
    spanId: field(2, 'bytes'),
    parentSpanId: field(4, 'bytes'),
    name: field(5, 'string'),
    kind: field(6, 'int32'),
    startTimeUnixNano: field(7, 'fixed64'),
    endTimeUnixNano: field(8, 'fixed64'),
    attributes: list(9, 'KeyValue'),
    status: field(15, 'Status'),
  },
  Status: { message: field(2, 'string'), code: field(3, 'int32') },
  Metrics: { resourceMetrics: list(1, 'ResourceMetrics') },
  ResourceMetrics: { resource: field(1, 'Resource'), scopeMetrics: list(2, 'ScopeMetrics') },
  ScopeMetrics: { scope: field(1, 'Scope'), metrics: list(2, 'Metric') },
  Metric: {
    name: field(1, 'string'),
    unit: field(3, 'string'),
    gauge: field(5, 'Points'),
    sum: field(7, 'Points'),
    histogram: field(9, 'Histogram'),
  },
  Points: { dataPoints: list(1, 'Point') },
  Point: { asDouble: field(4, 'double'), asInt: field(6, 'sfixed64'), attributes: list(7, 'KeyValue') },
  Histogram: { dataPoints: list(1, 'HistogramPoint') },
  HistogramPoint: { count: field(4, 'fixed64'), sum: field(5, 'double'), attributes: list(9, 'KeyValue') },
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(messages).map(([name, fields]) => [name, { fields }])),
});

/** Bytes of one export request in; the same as OTLP's JSON form would have it, but for ids, which stay bytes, out. */
export function decodeProtobuf(message: 'Traces' | 'Metrics', body: Uint8Array): unknown {
  const type = root.lookupType(message);
  return type.toObject(type.decode(body), { longs: String });
}
