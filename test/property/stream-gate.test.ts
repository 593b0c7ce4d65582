// For any text, any cutting into events, and any place of the forbidden text: it never goes out, and the rest does.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  eventOf,
  gateBySpans,
  gateFor,
  inspectorOf,
  inspectorWith,
  readText,
  wireOf,
} from '../support/stream.ts';

const FORBIDDEN = 'open sesame now';
const inspector = inspectorOf(FORBIDDEN);
const prose = fc.stringMatching(/^[a-z ,.]{0,80}$/).filter((text) => !text.includes('sesame'));
const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 });

function split(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, i = 0; at < text.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

describe('the stream gate, for any cutting of any text', () => {
  it('lets no part of a match out when it refuses', () => {
    fc.assert(
      fc.property(prose, prose, cuts, (before, after, sizes) => {
        const { gate } = gateFor(inspector, 'deny');
        const steps = split(`${before}; ${FORBIDDEN}; ${after}`, sizes).map((text) =>
          gate.push([eventOf({ text })]),
        );
        steps.push(gate.end());
        expect(steps.some(({ kind }) => kind === 'refuse')).toBe(true);
        const refusedAt = steps.findIndex(({ kind }) => kind === 'refuse');
        expect(`${before}; `.startsWith(readText(steps.slice(0, refusedAt)))).toBe(true);
      }),
    );
  });

  it('lets no more of a match out than a lag, when it may lag', () => {
    const pattern = { id: 'test.forbidden', literal: FORBIDDEN };
    fc.assert(
      fc.property(prose, cuts, fc.integer({ min: 1, max: 40 }), (before, sizes, lag) => {
        const wait = `lag ${lag}`;
        const { gate } = gateFor(inspectorWith([{ ...pattern, stream: wait }], wait), 'deny');
        const start = `${before}; ${'A quiet morning. '.repeat(17)}`;
        const steps = split(`${start}${FORBIDDEN}; and more`, sizes).map((text) =>
          gate.push([eventOf({ text })]),
        );
        const refusedAt = steps.findIndex(({ kind }) => kind === 'refuse');
        expect(refusedAt).toBeGreaterThan(0);
        expect(`${start}${FORBIDDEN.slice(0, lag)}`).toContain(readText(steps.slice(0, refusedAt)));
      }),
    );
  });

  it('takes the match out when it redacts, and loses nothing else', () => {
    fc.assert(
      fc.property(prose, prose, cuts, (before, after, sizes) => {
        const { gate } = gateFor(inspector, 'redact');
        const steps = split(`${before}; ${FORBIDDEN}; ${after}`, sizes).map((text) =>
          gate.push([eventOf({ text })]),
        );
        steps.push(gate.end());
        expect(readText(steps)).toBe(`${before}; [redacted:test.forbidden]; ${after}`);
        expect(wireOf(steps)).not.toContain('sesame');
      }),
    );
  });

  describe('spread over blocks that end one after the other', () => {
    /** Each piece is a block of its own, said in events of one size. */
    const say = (gate: ReturnType<typeof gateFor>['gate'], blocks: readonly string[], size: number) =>
      blocks.flatMap((block, index) => {
        const lane = `0.${index}.text`;
        const said = split(block, [size]).map((text) => gate.push([eventOf({ text, lane })]));
        return [...said, gate.push([eventOf({ role: 'meta', closes: [lane] })])];
      });

    /** Blocks of single letters would be one spaced-out word, with the punctuation around it. */
    const long = fc.array(fc.integer({ min: 3, max: 12 }), { minLength: 1, maxLength: 60 });

    it('lets no part of a match out when it refuses', () => {
      fc.assert(
        fc.property(prose, cuts, fc.integer({ min: 1, max: 9 }), (before, sizes, size) => {
          const { gate } = gateFor(inspector, 'deny');
          const steps = say(gate, split(`${before}; ${FORBIDDEN}; and more`, sizes), size);
          const refusedAt = steps.findIndex(({ kind }) => kind === 'refuse');
          expect(refusedAt).toBeGreaterThanOrEqual(0);
          expect(`${before}; `.startsWith(readText(steps.slice(0, refusedAt)))).toBe(true);
        }),
      );
    });

    it('masks the match in each block that it goes through, and loses nothing else', () => {
      fc.assert(
        fc.property(prose, prose, long, fc.integer({ min: 1, max: 9 }), (before, after, sizes, size) => {
          const { gate } = gateFor(inspector, 'redact');
          const steps = [...say(gate, split(`${before}; ${FORBIDDEN}; ${after}`, sizes), size), gate.end()];
          const text = readText(steps);
          expect(text).toContain('[redacted:test.forbidden]');
          expect(text.replaceAll('[redacted:test.forbidden]', '')).toBe(`${before}; ; ${after}`);
        }),
      );
    });

    it('passes an innocent text on, and waits at the end of a block for no more than its last words', () => {
      fc.assert(
        fc.property(prose, cuts, fc.integer({ min: 1, max: 9 }), (text, sizes, size) => {
          const { gate } = gateFor(inspector, 'redact');
          const blocks = split(text, sizes);
          const early = [...say(gate, blocks, size), gate.push([eventOf({ text: '', lane: '1.0.text' })])];
          expect(readText([...early, gate.end()])).toBe(text);
          expect(readText(early)).toBe(text);
        }),
      );
    });
  });

  it('takes a stretch out that a policy names by its place, and loses nothing else', () => {
    fc.assert(
      fc.property(prose, prose, cuts, (before, after, sizes) => {
        const gate = gateBySpans(FORBIDDEN);
        const steps = split(`${before}; ${FORBIDDEN}; ${after}`, sizes).map((text) =>
          gate.push([eventOf({ text })]),
        );
        steps.push(gate.end());
        expect(readText(steps)).toBe(`${before}; [redacted:test.spans]; ${after}`);
      }),
    );
  });

  it('passes an innocent text on unchanged, byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), cuts, (text, sizes) => {
        const { gate } = gateFor(inspector, 'redact');
        const events = split(text, sizes).map((piece) => eventOf({ text: piece }));
        const steps = [...events.map((event) => gate.push([event])), gate.end()];
        expect(wireOf(steps)).toBe(events.map((event) => `data: ${event.data.toString()}\n\n`).join(''));
      }),
    );
  });
});
