import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../../../src/lib/result.ts';
import { Shelf } from '../../../../src/policy/builtins/shelf.ts';

interface Kept {
  readonly size: number;
}

describe('a shelf of searches', () => {
  const aShelf = (limit: number): { take: (key: string, size?: number) => unknown; made: string[] } => {
    const shelf = new Shelf<Kept>(limit);
    const made: string[] = [];
    const take = (key: string, size = 1): unknown =>
      shelf.find(key, () => {
        made.push(key);
        return ok({ size });
      });
    return { take, made };
  };

  it('keeps what was used last, and lets go what was not, by size', () => {
    const { take, made } = aShelf(3);
    for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'c', 'd', 'b']) take(key);
    expect(made).toEqual(['a', 'b', 'c', 'd', 'b']);
  });

  it('keeps nothing that is larger than itself, and goes on', () => {
    const { take, made } = aShelf(3);
    for (const [key, size] of [
      ['a', 1],
      ['large', 4],
      ['large', 4],
      ['a', 1],
      ['a', 1],
    ] as const)
      take(key, size);
    expect(made).toEqual(['a', 'large', 'large', 'a']);
  });

  it('keeps no failure', () => {
    const shelf = new Shelf<Kept>(3);
    expect(shelf.find('a', () => err('not now'))).toEqual({ ok: false, error: 'not now' });
    expect(shelf.find('a', () => ok({ size: 1 }))).toEqual({ ok: true, value: { size: 1 } });
  });
});
