// One OTLP export request, decoded, in; spans and metric points in a plain shape out.

type Scalar = string | number | boolean;
type ReceivedAttributes = Readonly<Record<string, Scalar | readonly Scalar[]>>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: ReceivedAttributes;
  readonly status: 'UNSET' | 'OK' | 'ERROR';
  readonly resource: ReceivedAttributes;
}

export interface ReceivedPoint {
  readonly metric: string;
  readonly unit: string;
  readonly attributes: ReceivedAttributes;
  /** A histogram's sum. */
  readonly value: number;
  /** How many were added up; null where the metric is no histogram. */
  readonly count: number | null;
  readonly resource: ReceivedAttributes;
}

/** The JSON form as it arrives: any field may be missing, 64-bit numbers may be strings, ids hex or bytes. */
interface Value {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly Value[] };
}
type Attributes = readonly { readonly key?: string; readonly value?: Value }[];
type Id = string | Uint8Array;
interface Resource {
  readonly attributes?: Attributes;
}
interface Span {
  readonly traceId?: Id;
  readonly spanId?: Id;
  readonly parentSpanId?: Id;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: string | number;
  readonly endTimeUnixNano?: string | number;
  readonly attributes?: Attributes;
  readonly status?: { readonly code?: number };
}
export interface TracesRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: Resource;
    readonly scopeSpans?: readonly { readonly spans?: readonly Span[] }[];
  }[];
}
interface Point {
  readonly asDouble?: number;
  readonly asInt?: string | number;
  readonly sum?: number;
  readonly count?: string | number;
  readonly attributes?: Attributes;
}
interface Points {
  readonly dataPoints?: readonly Point[];
}
interface Metric {
  readonly name?: string;
  readonly unit?: string;
  readonly gauge?: Points;
  readonly sum?: Points;
  readonly histogram?: Points;
}
export interface MetricsRequest {
  readonly resourceMetrics?: readonly {
    readonly resource?: Resource;
    readonly scopeMetrics?: readonly { readonly metrics?: readonly Metric[] }[];
  }[];
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;

export const readSpans = ({ resourceSpans = [] }: TracesRequest): ReceivedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const attributes = readAttributes(resource?.attributes);
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => readSpan(span, attributes)));
  });

const readSpan = (span: Span, resource: ReceivedAttributes): ReceivedSpan => ({
  traceId: readId(span.traceId),
  spanId: readId(span.spanId),
  parentSpanId: readId(span.parentSpanId) || null,
  name: span.name ?? '',
  kind: KINDS[span.kind ?? 0] ?? 'UNSPECIFIED',
  startMs: readTime(span.startTimeUnixNano),
  endMs: readTime(span.endTimeUnixNano),
  attributes: readAttributes(span.attributes),
  status: STATUSES[span.status?.code ?? 0] ?? 'UNSET',
  resource,
});

export const readPoints = ({ resourceMetrics = [] }: MetricsRequest): ReceivedPoint[] =>
  resourceMetrics.flatMap(({ resource, scopeMetrics = [] }) => {
    const attributes = readAttributes(resource?.attributes);
    return scopeMetrics.flatMap(({ metrics = [] }) =>
      metrics.flatMap((metric) => readMetric(metric, attributes)),
    );
  });

const readMetric = (metric: Metric, resource: ReceivedAttributes): ReceivedPoint[] =>
  (metric.gauge ?? metric.sum ?? metric.histogram)?.dataPoints?.map((point) => ({
    metric: metric.name ?? '',
    unit: metric.unit ?? '',
    attributes: readAttributes(point.attributes),
    value: Number(point.asDouble ?? point.asInt ?? point.sum ?? 0),
    count: point.count === undefined ? null : Number(point.count),
    resource,
  })) ?? [];

const readId = (id: Id = ''): string => (typeof id === 'string' ? id : Buffer.from(id).toString('hex'));

/** In nanoseconds since 1970, more digits than a double holds; milliseconds with three decimals fit. */
const readTime = (nanos: string | number = 0): number => Number(BigInt(nanos) / 1000n) / 1000;

const readAttributes = (attributes: Attributes = []): ReceivedAttributes =>
  Object.fromEntries(attributes.map(({ key, value }) => [key ?? '', readValue(value ?? {})]));

const readValue = (value: Value): Scalar | Scalar[] =>
  value.arrayValue === undefined ? readScalar(value) : (value.arrayValue.values ?? []).map(readScalar);

const readScalar = ({ stringValue, boolValue, intValue, doubleValue }: Value): Scalar =>
  stringValue ?? boolValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? '';
