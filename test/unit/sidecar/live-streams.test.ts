import { describe, expect, it } from '@jest/globals';
import { LiveStreams } from '../../../src/sidecar/live-streams.ts';

describe('streams under way', () => {
  it('are cut from the newest on, a quarter of them at a time and at least one', () => {
    const streams = new LiveStreams();
    const cut: number[] = [];
    const leaves = Array.from({ length: 25 }, (_, index) => {
      const leave = streams.enlist(() => {
        cut.push(index);
        leave();
      });
      return leave;
    });
    streams.cutNewest();
    expect(cut).toEqual([18, 19, 20, 21, 22, 23, 24]);
    for (const leave of leaves.slice(1)) leave();
    streams.cutNewest();
    streams.cutNewest();
    expect(cut).toEqual([18, 19, 20, 21, 22, 23, 24, 0]);
  });
});
