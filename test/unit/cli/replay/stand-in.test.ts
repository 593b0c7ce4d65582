import { describe, expect, it } from '@jest/globals';
import { standInTexts } from '../../../../src/cli/replay/stand-in.ts';

describe('texts that a log does not hold', () => {
  const lengthsOf = (input: object): number[] => standInTexts(input).map(({ text }) => text.length);

  it('have a stand-in of the same length', () => {
    expect(standInTexts({ parts: [{ chars: 2 }, { chars: 0 }] })).toEqual([{ text: '  ' }, { text: '' }]);
  });

  it('take no more memory than one exchange can, whatever the log says', () => {
    expect(lengthsOf({ parts: [{ chars: 1e12 }, { chars: 8e6 }, { chars: 8e6 }] })).toEqual([0, 8e6, 0]);
    expect(lengthsOf({ parts: [null, {}, { chars: -1 }, { chars: 'x' }, { chars: 1.5 }] })).toEqual([
      0, 0, 0, 0, 1,
    ]);
    expect([lengthsOf({}), lengthsOf({ parts: {} })]).toEqual([[], []]);
  });
});
