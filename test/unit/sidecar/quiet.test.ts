import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QuietMoments } from '../../../src/sidecar/quiet.ts';

const SECOND = 1_000;

describe('a quiet moment', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const open = () => {
    const use = jest.fn();
    return { use, quiet: new QuietMoments(use) };
  };

  it('is used once after something was done, and not at all where nothing is', () => {
    const { use, quiet } = open();
    jest.advanceTimersByTime(300 * SECOND);
    expect(use).not.toHaveBeenCalled();
    quiet.note();
    jest.advanceTimersByTime(2 * SECOND - 1);
    expect(use).not.toHaveBeenCalled();
    jest.advanceTimersByTime(300 * SECOND);
    expect(use).toHaveBeenCalledTimes(1);
  });

  it('is none while an exchange is under way, however long that takes', () => {
    const { use, quiet } = open();
    quiet.enter();
    quiet.enter();
    quiet.leave();
    jest.advanceTimersByTime(300 * SECOND);
    expect(use).not.toHaveBeenCalled();
    quiet.leave();
    jest.advanceTimersByTime(2 * SECOND - 1);
    expect(use).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2 * SECOND);
    expect(use).toHaveBeenCalledTimes(1);
  });

  it('is none between two exchanges that come soon after one another', () => {
    const { use, quiet } = open();
    for (let turn = 0; turn < 100; turn += 1) {
      quiet.enter();
      quiet.leave();
      jest.advanceTimersByTime(1.5 * SECOND);
    }
    expect(use).not.toHaveBeenCalled();
  });

  it('is used once a minute at most', () => {
    const { use, quiet } = open();
    for (let turn = 0; turn < 60; turn += 1) {
      quiet.enter();
      quiet.leave();
      jest.advanceTimersByTime(5 * SECOND);
    }
    expect(use.mock.calls.length).toBeGreaterThanOrEqual(4);
    expect(use.mock.calls.length).toBeLessThanOrEqual(6);
  });

  it('is no more once it is over', () => {
    const { use, quiet } = open();
    quiet.note();
    quiet[Symbol.dispose]();
    jest.advanceTimersByTime(300 * SECOND);
    expect(use).not.toHaveBeenCalled();
  });
});
