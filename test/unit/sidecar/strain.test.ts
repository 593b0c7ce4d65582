import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SHEDDING, sheddingFor, type Strain } from '../../../src/sidecar/strain.ts';

const LIMITS = { closeAt: 0.8, refuseAt: 0.9, cutAt: 0.95, delayMs: 200 };
const looks = (...heaps: readonly number[]): Strain[] => heaps.map((heap) => ({ heap, delayMs: 0 }));

describe('what is shed', () => {
  it.each([
    ['nothing while there is room', looks(0.79, 0.99, 0.99, 0.99), 'nothing'],
    ['idle connections from four fifths on', looks(0.8, 0.85, 0.85, 0.99), 'idle'],
    ['new exchanges from nine tenths on', looks(0.9, 0.99, 0.99, 0.99), 'new'],
    ['the newest streams at last', looks(0.96, 0.95, 0.97, 0.99), 'streams'],
    ['nothing before it has been so for a while', looks(0.99, 0.99, 0.99), 'nothing'],
  ])('is %s', (_name, recent, shed) => {
    expect(sheddingFor(recent, LIMITS)).toBe(shed);
  });

  it('is new exchanges while whatever is due comes late, and nothing for one long chore', () => {
    const late = { heap: 0.1, delayMs: 250 };
    expect(sheddingFor([late, late, late, late], LIMITS)).toBe('new');
    expect(sheddingFor([late, late, late, { heap: 0.1, delayMs: 20 }], LIMITS)).toBe('nothing');
  });

  it('is never less under more strain', () => {
    const strain = fc.record({ heap: fc.double({ min: 0, max: 1, noNaN: true }), delayMs: fc.nat(500) });
    const four = fc.array(strain, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(four, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(500), (recent, heap, delayMs) => {
        const worse = recent.map((each) => ({ heap: each.heap + heap, delayMs: each.delayMs + delayMs }));
        const levelOf = (looked: readonly Strain[]): number => SHEDDING.indexOf(sheddingFor(looked, LIMITS));
        expect(levelOf(worse)).toBeGreaterThanOrEqual(levelOf(recent));
      }),
    );
  });
});
