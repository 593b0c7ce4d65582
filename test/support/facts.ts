// What one test is about in, facts out that are ordinary in everything else.
import * as fc from 'fast-check';
import type { Part } from '../../src/exchange/index.ts';
import type { Facts } from '../../src/gate/decide/index.ts';
import { aRecord } from './exchange-record.ts';

const { route } = aRecord();
if (route === null) throw new Error('The record has a route.');

export const aPart = (change: Partial<Part> = {}): Part => ({
  turn: 0,
  role: 'user',
  origin: 'user',
  lane: '0.0.text',
  kind: 'text',
  text: 'canary',
  at: null,
  ...change,
});

export const aFacts = (change: Partial<Facts> = {}): Facts => ({
  phase: 'request',
  partial: false,
  route,
  model: 'gpt-4o',
  stream: false,
  parts: [aPart()],
  tools: [],
  references: [],
  limits: { max_output_tokens: 10, n: 1 },
  findings: [],
  coverage: { bytes: 1, judged: 1, opaque: 0, unknownFields: 0 },
  usage: { inputTokens: 1 },
  finishReasons: ['stop'],
  ...change,
});

const ORIGIN = fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool', 'document', 'unknown');

/** Of whatever a message may hold. */
export const FACTS: fc.Arbitrary<Facts> = fc
  .record({
    phase: fc.constantFrom('request', 'response'),
    partial: fc.boolean(),
    model: fc.string(),
    stream: fc.boolean(),
    parts: fc.array(
      fc
        .record({
          turn: fc.integer({ min: -1, max: 3 }),
          role: fc.string(),
          origin: ORIGIN,
          kind: fc.constantFrom('text', 'reasoning', 'refusal', 'tool_call', 'tool_result', 'media'),
          text: fc.string({ unit: 'binary' }),
        })
        .chain((part) =>
          fc
            .record(
              { name: fc.string(), arguments: fc.jsonValue(), media: fc.string() },
              { requiredKeys: [] },
            )
            .map((more) => aPart({ ...part, ...more })),
        ),
      { maxLength: 3 },
    ),
    tools: fc.array(
      fc.record({ name: fc.string(), kind: fc.string(), sha256: fc.string(), wholeSha256: fc.string() }),
      {
        maxLength: 2,
      },
    ),
    references: fc.array(fc.record({ kind: fc.string(), value: fc.string(), origin: ORIGIN }), {
      maxLength: 2,
    }),
    limits: fc.dictionary(fc.constantFrom('max_output_tokens', 'n', 'other'), fc.nat()),
    findings: fc.array(
      fc.record({
        detector: fc.string(),
        code: fc.string(),
        severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical'),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        part: fc.nat(3),
        origin: ORIGIN,
        start: fc.nat(),
        end: fc.nat(),
      }),
      { maxLength: 2 },
    ),
    coverage: fc.record({ bytes: fc.nat(), judged: fc.nat(), opaque: fc.nat(), unknownFields: fc.nat() }),
    usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat() }, { requiredKeys: [] }),
    finishReasons: fc.array(fc.string(), { maxLength: 2 }),
  })
  .map(aFacts);
