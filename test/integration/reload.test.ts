import { describe, expect, it } from '@jest/globals';
import { swapUnderLoad } from '../support/swaps.ts';

describe('policies swapped under load', () => {
  it('reset nobody, and every exchange is decided by one whole bundle', async () => {
    const report = await swapUnderLoad({ swaps: 30, rate: 0, brokenEvery: 5 });
    expect(report.failures).toEqual([]);
    expect(report.mixtures).toEqual([]);
    expect(report.brokenNoticed).toBe(6);
    expect(Math.min(report.refused, report.answered, report.streamed)).toBeGreaterThan(0);
    expect(report.decisions).toBeGreaterThan(report.refused + 2 * report.answered);
  }, 120_000);
});
