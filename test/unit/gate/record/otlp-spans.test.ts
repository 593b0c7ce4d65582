import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeProtobuf } from '../../../../src/demo/otlp/schema.ts';
import { readSpans, type TracesRequest } from '../../../../src/demo/otlp/read.ts';
import { writeRequest, writeSpans } from '../../../../src/gate/record/otlp-spans.ts';
import { ProtobufWriter } from '../../../../src/gate/record/protobuf.ts';
import { spansOf, type SpanPlan } from '../../../../src/gate/record/spans.ts';
import { START_MS, aRecord } from '../../../support/exchange-record.ts';

const ENVELOPE = {
  resource: { 'service.name': 'postern', 'k8s.pod.name': 'web-ü' },
  scope: 'postern',
  schemaUrl: 'https://example.test/schema',
};
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

function sent(plans: readonly SpanPlan[], record = aRecord()): ReturnType<typeof readSpans> {
  const [spans, request] = [new ProtobufWriter(), new ProtobufWriter()];
  writeSpans(spans, record, plans);
  writeRequest(request, spans.take(), ENVELOPE);
  return readSpans(decodeProtobuf('Traces', request.take()) as TracesRequest);
}

const aPlan = (change: Partial<SpanPlan> = {}): SpanPlan => ({
  name: 'chat',
  kind: 'client',
  startMs: START_MS,
  endMs: START_MS + 1,
  attributes: {},
  error: null,
  parent: null,
  ...change,
});

describe('spans on the wire', () => {
  it('are those that were planned', () => {
    const plans = spansOf(aRecord());
    const received = sent(plans);
    expect(
      received.map(({ name, startMs, endMs, attributes }) => ({ name, startMs, endMs, attributes })),
    ).toEqual(plans.map(({ name, startMs, endMs, attributes }) => ({ name, startMs, endMs, attributes })));
    expect(received.map(({ resource }) => resource)).toEqual(plans.map(() => ENVELOPE.resource));
  });

  it('have ids of their own, and name their parent', () => {
    const record = aRecord({ traceparent: `00-${TRACE}-${PARENT}-01` });
    const [server, ...children] = sent(spansOf(record), record);
    expect(server).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
    expect(children.map(({ parentSpanId }) => parentSpanId)).toEqual(children.map(() => server?.spanId));
    expect(new Set([server, ...children].map((span) => span?.spanId)).size).toBe(4);
    expect(server?.spanId).toMatch(/^[0-9a-f]{16}$/);
  });

  it('say what failed', () => {
    const [span] = sent([aPlan({ error: 'POSTERN_E_INTERNAL' })]);
    expect(span).toMatchObject({ status: 'ERROR', attributes: { 'error.type': 'POSTERN_E_INTERNAL' } });
  });

  it('keep no more than the first thousand characters of a value', () => {
    const [span] = sent([aPlan({ attributes: { long: 'x'.repeat(100_000) } })]);
    expect(span?.attributes['long']).toBe('x'.repeat(1024));
  });

  it('hold any attribute of any length', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.nat(),
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Number.isInteger(number)),
      fc.boolean(),
      fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 40 }),
    );
    const attributes = fc.dictionary(fc.stringMatching(/^[a-z.]{1,140}$/), value, { maxKeys: 70 });
    fc.assert(
      fc.property(attributes, (asked) => {
        expect(sent([aPlan({ attributes: asked })])[0]?.attributes).toEqual({ ...asked });
      }),
    );
  });

  it('tell any time to the microsecond', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4e15 }), (microseconds) => {
        const request = new ProtobufWriter();
        request.nanoseconds(1, microseconds / 1_000);
        const bytes = request.take();
        expect(bytes.readBigUInt64LE(1)).toBe(BigInt(microseconds) * 1_000n);
      }),
    );
  });
});
