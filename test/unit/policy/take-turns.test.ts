import { describe, expect, it } from '@jest/globals';
import { ok } from '../../../src/lib/result.ts';
import { takeTurns } from '../../../src/policy/index.ts';

describe('compilers that take turns', () => {
  it('run one after the other, also after one that failed', async () => {
    const log: string[] = [];
    let count = 0;
    const compile = takeTurns(async () => {
      const name = (count += 1);
      log.push(`begin ${name}`);
      await Promise.resolve();
      log.push(`end ${name}`);
      if (name === 1) throw new Error('no');
      return ok(Buffer.from(String(name)));
    });
    const { signal } = new AbortController();
    const runs = await Promise.allSettled([compile([], signal), compile([], signal)]);
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    expect(runs).toMatchObject([{ status: 'rejected' }, { value: ok(Buffer.from('2')) }]);
  });
});
