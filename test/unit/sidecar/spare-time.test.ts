import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SpareTime } from '../../../src/sidecar/spare-time.ts';
import { until } from '../../support/until.ts';

const LIMITS = { chores: 3, bytes: 100 };

describe('spare time', () => {
  const done: string[] = [];
  const chore = (name: string, bytes = 1) => ({ bytes, run: () => void done.push(name) });

  it('does nothing before the work of the moment is done', async () => {
    done.length = 0;
    const spareTime = new SpareTime(LIMITS);
    expect([spareTime.offer(chore('a')), spareTime.offer(chore('b'))]).toEqual([true, true]);
    expect(done).toEqual([]);
    await nextTurn();
    expect(done).toEqual(['a', 'b']);
  });

  it('takes no more chores, and no more bytes, than it has room for', () => {
    using byCount = new SpareTime(LIMITS);
    expect(['a', 'b', 'c', 'd'].map((name) => byCount.offer(chore(name)))).toEqual([true, true, true, false]);
    using byBytes = new SpareTime(LIMITS);
    expect([60, 50, 40].map((bytes) => byBytes.offer(chore('x', bytes)))).toEqual([true, false, true]);
  });

  it('takes one chore of any size when nothing else waits', () => {
    using spareTime = new SpareTime(LIMITS);
    expect([1_000, 1].map((bytes) => spareTime.offer(chore('x', bytes)))).toEqual([true, false]);
  });

  it('lets the thread go between turns', async () => {
    done.length = 0;
    const spareTime = new SpareTime(LIMITS);
    const busy = (name: string) => ({
      bytes: 1,
      run: () => {
        const endMs = performance.now() + 2;
        while (performance.now() < endMs);
        done.push(name);
      },
    });
    for (const name of ['a', 'b', 'c']) spareTime.offer(busy(name));
    await nextTurn();
    expect(done).toEqual(['a']);
    await until('the rest is done', () => done.length === 3);
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('does what waits when it ends, and takes nothing more', () => {
    done.length = 0;
    const spareTime = new SpareTime(LIMITS);
    spareTime.offer(chore('a'));
    spareTime[Symbol.dispose]();
    expect(done).toEqual(['a']);
    expect(spareTime.offer(chore('b'))).toBe(false);
  });
});
