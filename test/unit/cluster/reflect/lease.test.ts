import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseStep, holdLease, type Lease, see } from '../../../../src/cluster/reflect/lease.ts';

const leaseOf = (version: number, holder: string, renewedAt = 0): Lease => ({
  metadata: { name: 'l', resourceVersion: String(version) },
  spec: { holderIdentity: holder, leaseDurationSeconds: 15, renewTime: new Date(renewedAt).toISOString() },
});

describe('a lease', () => {
  it('is left to another for as long as it is seen to be renewed, whatever times it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 14_999 }), fc.integer())), (renewals) => {
        let nowMs = 0;
        let seen = see(leaseOf(-1, 'other'), null, nowMs);
        for (const [version, [laterMs, renewedAt]] of renewals.entries()) {
          nowMs += laterMs;
          expect(chooseStep(seen, 'me', nowMs)).toBe('wait');
          seen = see(leaseOf(version, 'other', renewedAt), seen, nowMs);
        }
      }),
    );
  });

  it('is taken when it looked the same for longer than it lasts, however often one looked', () => {
    let seen = see(leaseOf(1, 'other'), null, 1000);
    for (let nowMs = 1000; nowMs <= 16_000; nowMs += 1000) {
      seen = see(leaseOf(1, 'other'), seen, nowMs);
      expect(chooseStep(seen, 'me', nowMs)).toBe('wait');
    }
    expect(chooseStep(seen, 'me', 16_001)).toBe('take');
  });

  it('is taken at once when nobody holds it, and renewed when we do', () => {
    expect(chooseStep(see(leaseOf(1, ''), null, 0), 'me', 0)).toBe('take');
    expect(chooseStep(see(leaseOf(1, 'me'), null, 0), 'me', 60_000)).toBe('renew');
    expect(chooseStep(see({ metadata: { name: 'l' } }, null, 0), 'me', 0)).toBe('take');
  });

  it('counts who held it, and says since when', () => {
    const at = (identity: string, ms: number): Parameters<typeof holdLease>[1] => ({
      identity,
      leaseMs: 15_000,
      now: new Date(ms),
    });
    const first = holdLease({}, at('a', 0));
    const renewed = holdLease(first, at('a', 5000));
    const taken = holdLease(renewed, at('b', 9000));
    expect([first, renewed, taken].map(({ leaseTransitions }) => leaseTransitions)).toEqual([0, 0, 1]);
    expect(renewed).toMatchObject({
      acquireTime: '1970-01-01T00:00:00.000000Z',
      renewTime: '1970-01-01T00:00:05.000000Z',
    });
    expect(taken).toMatchObject({ holderIdentity: 'b', acquireTime: '1970-01-01T00:00:09.000000Z' });
  });
});
