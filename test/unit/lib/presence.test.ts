import { describe, expect, it } from '@jest/globals';
import { Presence } from '../../../src/lib/presence.ts';

describe('presence', () => {
  it('tells those who want to hear of it, once, when it ends', () => {
    const presence = new Presence();
    let told = 0;
    const forgotten = (): void => void (told += 100);
    presence.tell(() => void (told += 1));
    presence.tell(forgotten);
    presence.forget(forgotten);
    expect([presence.hasGone, presence.signal.aborted, told]).toEqual([false, false, 0]);
    presence.leave();
    presence.leave();
    expect([presence.hasGone, presence.signal.aborted, told]).toEqual([true, true, 1]);
  });

  it('gives a signal that tells the same, whenever it is asked for', () => {
    const presence = new Presence();
    const { signal } = presence;
    presence.leave();
    expect(signal.aborted).toBe(true);
    const other = new Presence();
    other.leave();
    expect(other.signal.aborted).toBe(true);
  });
});
