import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turns } from '../../../../src/cluster/distribute/turns.ts';

const LIMITS = { limitMs: 1_000, sharedMs: 100 };
/** Who waits for the limit waits longer than a test does; what is brief is so on a machine that is busy, too. */
const SHARED = { limitMs: 600_000, sharedMs: 1_000 };

/** Until it is told that its time is over. */
const endless = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('late');
    else signal.addEventListener('abort', () => resolve('cut'));
  });
/** Of turns that are to be had. */
const take = <T>(turns: Turns, namespace: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  turns.take(namespace, work) ?? Promise.reject(new Error('full'));
const brief = async (): Promise<string> => {
  await pause(5);
  return 'done';
};

describe('turns', () => {
  it('are taken one at a time, by namespaces in turn', async () => {
    const turns = new Turns(LIMITS);
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(name);
      await pause(5);
      order.push(name);
    };
    const names = ['a1', 'a2', 'a3', 'b1', 'c1'];
    await Promise.all(names.map((name) => take(turns, name.slice(0, 1), work(name))));
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'].flatMap((name) => [name, name]));
  });

  it('are for so many of a namespace, whoever else waits, and for so many in all', async () => {
    const turns = new Turns(LIMITS);
    const own = Array.from({ length: 6 }, () => turns.take('a', brief));
    expect(own.map((each) => each === null)).toEqual([false, false, false, false, true, true]);
    const others = Array.from({ length: 40 }, (_, at) => turns.take(`n${String(at)}`, brief));
    expect(others.filter((each) => each !== null)).toHaveLength(29);
    await Promise.all([...own, ...others]);
    expect(await turns.take('a', brief)).toBe('done');
  });

  it('are as long as they may be alone, and shorter as soon as somebody else waits', async () => {
    const turns = new Turns({ limitMs: 600, sharedMs: 100 });
    const startMs = performance.now();
    expect(await turns.take('a', endless)).toBe('cut');
    expect(performance.now() - startMs).toBeGreaterThan(500);
    const shared = new Turns(SHARED);
    const slow = shared.take('a', endless);
    await pause(20);
    expect(await shared.take('b', brief)).toBe('done');
    expect(await slow).toBe('cut');
  });

  it('come last to who has used up his: others wait for one of his at most', async () => {
    const turns = new Turns(SHARED);
    const begun: string[] = [];
    const begin = (name: string, work: typeof endless): Promise<string> =>
      take(turns, name, (signal) => {
        begun.push(name);
        return work(signal);
      });
    const loop = [1, 2, 3, 4].map(() => begin('a', endless));
    await pause(20);
    const others = ['b', 'c', 'd'].flatMap((name) => [begin(name, brief), begin(name, brief)]);
    expect(await Promise.all(others)).toEqual(others.map(() => 'done'));
    expect(await loop[0]).toBe('cut');
    expect(begun.slice(0, 7)).toEqual(['a', 'b', 'c', 'd', 'b', 'c', 'd']);
  });

  it('go on after one that fails', async () => {
    const turns = new Turns(LIMITS);
    const broken = turns.take('a', () => Promise.reject(new Error('broken')));
    const next = turns.take('b', brief);
    await expect(broken).rejects.toThrow('broken');
    expect(await next).toBe('done');
  });
});
