import { describe, expect, it } from '@jest/globals';
import { suggestNearest } from '../../../src/lib/nearest.ts';

describe('the word that was meant', () => {
  it.each([
    ['interseption', ['injection', 'interception'], '; did you mean interception?'],
    ['injcet', ['inject'], '; did you mean inject?'],
    ['njct', ['inject'], '; did you mean inject?'],
    ['injecteds', ['inject'], ''],
    ['ab', ['ba', 'abc'], '; did you mean ba?'],
    ['abcd', ['cdab'], ''],
    ['', ['a'], ''],
  ])('of %j', (word, known, said) => {
    expect(suggestNearest(word, known)).toBe(said);
  });

  it('is none where none is as long, whatever was sent', () => {
    const long = 'x'.repeat(1_400_000);
    expect(suggestNearest(long, [long, 'inject'])).toBe('');
    expect(suggestNearest('inject', [long, 'injct'])).toBe('; did you mean injct?');
  });
});
