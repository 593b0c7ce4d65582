import { describe, expect, it } from '@jest/globals';
import { traceContextOf } from '../../../../src/gate/record/trace-context.ts';

const id = '0b5c9a52-4f3e-4d0a-9f43-1f0d7a2b6c11';
const own = { traceId: '0b5c9a524f3e4d0a9f431f0d7a2b6c11', parentSpanId: null };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('the trace of an exchange', () => {
  it.each([`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-00`, `01-${TRACE}-${SPAN}-01-later`])(
    'is the caller’s: %s',
    (traceparent) => {
      expect(traceContextOf({ id, traceparent })).toEqual({ traceId: TRACE, parentSpanId: SPAN });
    },
  );

  it.each([
    null,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01x`,
  ])('begins with the exchange, and has its id, when the caller sent %j', (traceparent) => {
    expect(traceContextOf({ id, traceparent })).toEqual(own);
  });
});
