import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Life,
  planRotation,
  type RotationState,
  type Step,
  TERMS,
} from '../../../../src/cluster/certificates/rotation.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOTHING: RotationState = { current: null, next: null, previous: null, leaf: null };

interface Leaf extends Life {
  readonly issuer: string;
}

/** A cluster in which the plan is followed; what was written is seen late, by some later than by others. */
class World {
  nowMs = 0;
  state = NOTHING;
  steps: Step[] = [];
  /** What was written when: the Secret's leaf, and what is trusted. */
  readonly leaves: { atMs: number; leaf: Leaf }[] = [];
  readonly trusts: { atMs: number; lives: readonly Life[] }[] = [];
  #made = 0;

  /** Breaks off after so many steps, as a leader does that is killed. */
  pass(limit = Infinity): void {
    this.steps = [];
    for (const step of planRotation(this.state, this.nowMs)) {
      if (this.steps.length >= limit) return;
      this.steps.push(step);
      this.#take(step);
    }
  }

  /** What a replica serves that hears of a Secret so late. */
  servedAt(lateMs: number): Leaf | undefined {
    return this.leaves.findLast(({ atMs }) => atMs <= this.nowMs - lateMs)?.leaf;
  }

  trustedAt(lateMs: number): readonly Life[] | undefined {
    return this.trusts.findLast(({ atMs }) => atMs <= this.nowMs - lateMs)?.lives;
  }

  #take(step: Step): void {
    const { current, next, previous } = this.state;
    switch (step) {
      case 'create':
        this.state = { ...this.state, current: this.#life(TERMS.authorityMs), leaf: null };
        break;
      case 'prepare':
        this.state = { ...this.state, next: { ...this.#life(TERMS.authorityMs), publishedMs: null } };
        break;
      case 'mark':
        this.state = { ...this.state, next: next && { ...next, publishedMs: this.nowMs } };
        break;
      case 'publish':
        this.trusts.push({
          atMs: this.nowMs,
          lives: [previous, current, next].filter((life) => life !== null),
        });
        break;
      case 'promote':
        this.state = { current: next, next: null, previous: current ?? previous, leaf: this.#leaf(next) };
        break;
      case 'issue':
        this.state = { ...this.state, leaf: this.#leaf(current) };
        break;
      case 'retire': {
        const keep = <L extends Life>(life: L | null): L | null =>
          life !== null && life.endsMs > this.nowMs ? life : null;
        this.state = {
          ...this.state,
          current: keep(current),
          next: keep(next),
          previous: keep(previous),
        };
      }
    }
  }

  #life(ms: number): Life {
    this.#made += 1;
    return { id: `life-${String(this.#made)}`, beganMs: this.nowMs, endsMs: this.nowMs + ms };
  }

  #leaf(authority: Life | null): Leaf {
    if (authority === null) throw new Error('a leaf needs an authority');
    const life = this.#life(TERMS.leafMs);
    const leaf = { ...life, endsMs: Math.min(life.endsMs, authority.endsMs), issuer: authority.id };
    this.leaves.push({ atMs: this.nowMs, leaf });
    return leaf;
  }
}

function wrongWith(leaf: Leaf, trusted: readonly Life[], nowMs: number): readonly string[] {
  const issuer = trusted.find(({ id }) => id === leaf.issuer);
  const isTrusted = issuer !== undefined && issuer.endsMs > nowMs;
  return [...(leaf.endsMs > nowMs ? [] : ['it is over']), ...(isTrusted ? [] : ['it is not trusted'])];
}

/** Time that passes between two passes, and after how many steps the leader dies in the second. */
const lives = (mostMs: number, passes = 50): fc.Arbitrary<readonly (readonly [number, number])[]> =>
  fc.array(
    fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: HOUR_MS, max: 10 * DAY_MS }) },
        { weight: 1, arbitrary: fc.integer({ min: HOUR_MS, max: mostMs }) },
      ),
      fc.oneof({ weight: 3, arbitrary: fc.constant(99) }, { weight: 1, arbitrary: fc.nat(3) }),
    ),
    { minLength: passes, maxLength: 2 * passes },
  );

describe('the plan of a rotation', () => {
  it('over years never has anything served that is over, or that somebody does not trust yet or any more', () => {
    const late = fc.integer({ min: 0, max: TERMS.dwellMs });
    let years = 0;
    let promotions = 0;
    fc.assert(
      fc.property(lives(14 * DAY_MS, 400), late, late, (passes, replicaLateMs, trustLateMs) => {
        const world = new World();
        world.pass();
        let wholeMs = 0;
        const wrong: string[] = [];
        for (const [laterMs, limit] of passes) {
          // Also just before what was written at the last pass has arrived everywhere.
          for (const partMs of [Math.min(laterMs, TERMS.dwellMs) - 1, laterMs]) {
            const beganMs = world.nowMs;
            world.nowMs = beganMs + partMs;
            const [leaf, trusted] = [world.servedAt(replicaLateMs), world.trustedAt(trustLateMs)];
            if (leaf !== undefined && trusted !== undefined)
              wrong.push(...wrongWith(leaf, trusted, world.nowMs));
            world.nowMs = beganMs + (partMs === laterMs ? laterMs : 0);
          }
          // A leaf is renewed a month before its end: for so long, and a day for all to hear of it, nobody need be there.
          const isLast = world.nowMs - wholeMs > 14 * DAY_MS;
          if (limit > 3 || isLast) wholeMs = world.nowMs;
          world.pass(isLast ? Infinity : limit);
          if (world.steps.includes('promote')) promotions += 1;
        }
        expect(wrong).toEqual([]);
        years += world.nowMs / (365 * DAY_MS);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect([years > 200, promotions > 100]).toEqual([true, true]);
  });

  it('comes to rest, from wherever it starts and however often it broke off', () => {
    fc.assert(
      fc.property(lives(3 * 365 * DAY_MS), (passes) => {
        const world = new World();
        for (const [laterMs, limit] of passes) {
          world.nowMs += laterMs;
          world.pass(limit);
          for (let pass = 0; pass < 4; pass += 1) world.pass();
          const { leaf, current } = world.state;
          const isGood = leaf?.issuer === current?.id && (leaf?.endsMs ?? 0) > world.nowMs;
          expect([...world.steps, isGood]).toEqual(['publish', true]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has at most two authorities trusted at a time, while somebody looks now and then', () => {
    fc.assert(
      fc.property(lives(14 * DAY_MS), (passes) => {
        const world = new World();
        let most = 0;
        for (const [laterMs] of passes) {
          world.nowMs += laterMs;
          world.pass();
          most = Math.max(most, world.trustedAt(0)?.length ?? 0);
        }
        expect(most).toBeLessThanOrEqual(2);
      }),
      { numRuns: 50 },
    );
  });

  it('reads as it should, from the first day to the second rotation', () => {
    const world = new World();
    const told: [day: number, steps: string][] = [];
    for (let day = 0; day < 1000; day += 1) {
      world.nowMs = day * DAY_MS;
      world.pass();
      if (world.steps.length > 1) told.push([day, world.steps.join(' ')]);
    }
    const renewals = told.filter(([, steps]) => steps === 'issue publish').map(([day]) => day);
    expect(renewals.slice(0, 8)).toEqual([60, 120, 180, 240, 300, 360, 420, 480]);
    expect(told.filter(([, steps]) => steps !== 'issue publish')).toEqual([
      [0, 'create publish issue'],
      [487, 'prepare publish mark'],
      [488, 'publish promote'],
      [730, 'retire publish'],
      [974, 'prepare publish mark'],
      [975, 'publish promote'],
    ]);
  });
});
