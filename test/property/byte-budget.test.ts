// Whatever exchanges do with their share of memory, in any order: the sum is never exceeded, nobody is forgotten, and in the end all is free.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteBudget, type Room } from '../../src/gate/intercept/index.ts';

const TOTAL = 100;

interface Guest {
  readonly room: Room;
  readonly gone: AbortController;
  state: 'waiting' | 'in' | 'out';
  held: number;
}

type Act =
  | { readonly kind: 'arrive'; readonly bytes: number }
  | { readonly kind: 'cover' | 'leave' | 'abort'; readonly who: number; readonly bytes: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('arrive' as const), bytes: fc.nat(TOTAL) }),
  fc.record({
    kind: fc.constantFrom('cover' as const, 'leave' as const, 'abort' as const),
    who: fc.nat(20),
    bytes: fc.nat(TOTAL),
  }),
);

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function arrive(budget: ByteBudget, bytes: number): Guest {
  const guest: Guest = { room: budget.open(), gone: new AbortController(), state: 'waiting', held: 0 };
  void enter(guest, bytes);
  return guest;
}

async function enter(guest: Guest, bytes: number): Promise<void> {
  try {
    await guest.room.reserve(bytes, { signal: guest.gone.signal, timeoutMs: 60_000 });
    guest.state = 'in';
    guest.held = bytes;
  } catch {
    guest.state = 'out';
  }
}

function leave(guest: Guest): void {
  if (guest.state === 'waiting') return guest.gone.abort();
  guest.room.release();
  guest.held = 0;
  guest.state = 'out';
}

function cover(guest: Guest, bytes: number): void {
  if (guest.state === 'in' && guest.room.cover(bytes)) guest.held = Math.max(guest.held, bytes);
}

const DO: Readonly<Record<'cover' | 'leave' | 'abort', (guest: Guest, bytes: number) => void>> = {
  cover,
  leave,
  abort: (guest) => guest.gone.abort(),
};

describe('a budget of bytes', () => {
  it('is never exceeded, and all of it comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const budget = new ByteBudget(TOTAL);
        const guests: Guest[] = [];
        for (const each of acts) {
          const guest = each.kind === 'arrive' ? undefined : guests[each.who];
          if (each.kind === 'arrive') guests.push(arrive(budget, each.bytes));
          else if (guest !== undefined) DO[each.kind](guest, each.bytes);
          await settle();
          const held = guests.reduce((sum, { held: own }) => sum + own, 0);
          expect(held + budget.free).toBe(TOTAL);
          expect(budget.free).toBeGreaterThanOrEqual(0);
        }
        // Each that leaves lets others in; in the end nobody waits.
        for (let left = guests.length; left >= 0; left -= 1) {
          for (const guest of guests) if (guest.state === 'in') leave(guest);
          await settle();
        }
        expect(guests.filter(({ state }) => state !== 'out')).toEqual([]);
        expect(budget.free).toBe(TOTAL);
      }),
      { numRuns: 300 },
    );
  });

  it('lets nobody overtake', async () => {
    const budget = new ByteBudget(TOTAL);
    const first = arrive(budget, 80);
    await settle();
    const [large, small] = [arrive(budget, 50), arrive(budget, 10)];
    await settle();
    expect([first, large, small].map(({ state }) => state)).toEqual(['in', 'waiting', 'waiting']);
    large.gone.abort();
    await settle();
    expect(small.state).toBe('in');
  });
});
