import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turns } from '../../../../src/cluster/distribute/turns.ts';

const LIMITS = { limitMs: 1_000, sharedMs: 100 };

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
    const slow = turns.take('a', endless);
    await pause(20);
    const againMs = performance.now();
    expect(await turns.take('b', brief)).toBe('done');
    expect(performance.now() - againMs).toBeLessThan(400);
    expect(await slow).toBe('cut');
  });

  it('come last to who has used up his: others wait for one of his at most', async () => {
    const turns = new Turns(LIMITS);
    const loop = [1, 2, 3, 4].map(() => take(turns, 'a', endless));
    await pause(20);
    const startMs = performance.now();
    const others = ['b', 'c', 'd'].flatMap((name) => [take(turns, name, brief), take(turns, name, brief)]);
    expect(await Promise.all(others)).toEqual(others.map(() => 'done'));
    expect(performance.now() - startMs).toBeLessThan(400);
    await Promise.all(loop);
  });

  it('go on after one that fails', async () => {
    const turns = new Turns(LIMITS);
    const broken = turns.take('a', () => Promise.reject(new Error('broken')));
    const next = turns.take('b', brief);
    await expect(broken).rejects.toThrow('broken');
    expect(await next).toBe('done');
  });
});
