import { describe, expect, it } from '@jest/globals';
import { createPersistence } from '../../../../src/gate/forward/persist.ts';
import { Presence } from '../../../../src/lib/presence.ts';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

/** Attempts that end as they are told to, in order. */
function attempts(...ends: ReadonlyArray<Error | 'ok'>) {
  let count = 0;
  return {
    count: () => count,
    attempt: async (): Promise<string> => {
      const end = ends[Math.min(count, ends.length - 1)];
      count += 1;
      if (end instanceof Error) throw end;
      return 'answer';
    },
  };
}

const here = new Presence();
const gone = new Presence();
gone.leave();

describe('an upstream that cannot be connected to', () => {
  it.each(['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    'is tried once more after %s',
    async (code) => {
      const { attempt, count } = attempts(failing(code), 'ok');
      expect(await createPersistence('a')(attempt, here)).toBe('answer');
      expect(count()).toBe(2);
    },
  );

  it('is not tried a third time', async () => {
    const { attempt, count } = attempts(failing('ECONNREFUSED'));
    await expect(createPersistence('a')(attempt, here)).rejects.toThrow('ECONNREFUSED');
    expect(count()).toBe(2);
  });

  it('is not tried again for a caller who has gone', async () => {
    const { attempt, count } = attempts(failing('ECONNREFUSED'));
    await expect(createPersistence('a')(attempt, gone)).rejects.toThrow('ECONNREFUSED');
    expect(count()).toBe(1);
  });

  it('is left alone for a while after five exchanges in vain, and tried again then', async () => {
    let nowMs = 0;
    const persist = createPersistence('a', () => nowMs);
    const { attempt, count } = attempts(failing('ECONNREFUSED'));
    for (let i = 0; i < 5; i += 1) await expect(persist(attempt, here)).rejects.toThrow('ECONNREFUSED');
    await expect(persist(attempt, here)).rejects.toMatchObject({ code: 'POSTERN_E_UPSTREAM_UNREACHABLE' });
    expect(count()).toBe(10);
    nowMs = 5_001;
    expect(await persist(async () => 'back', here)).toBe('back');
    await expect(persist(attempt, here)).rejects.toThrow('ECONNREFUSED');
    await expect(persist(attempt, here)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('an upstream that may have acted', () => {
  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
    'is never tried again after %s',
    async (code) => {
      const { attempt, count } = attempts(failing(code));
      const persist = createPersistence('a');
      for (let i = 0; i < 6; i += 1) await expect(persist(attempt, here)).rejects.toThrow(code);
      expect(count()).toBe(6);
    },
  );
});
