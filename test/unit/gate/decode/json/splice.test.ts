import { describe, expect, it } from '@jest/globals';
import { encodeString, spliceEdits } from '../../../../../src/gate/decode/json/index.ts';

const BODY = Buffer.from('{"a":"ä"}');

describe('spliceEdits', () => {
  it('replaces the given bytes and keeps all others', () => {
    expect(spliceEdits(BODY, [{ start: 5, end: 9, replacement: '"ö"' }]).toString()).toBe('{"a":"ö"}');
  });

  it('inserts where the range is empty, before what replaces the same place', () => {
    const edits = [
      { start: 1, end: 4, replacement: '"b"' },
      { start: 1, end: 1, replacement: '"x":1,' },
    ];
    expect(spliceEdits(BODY, edits).toString()).toBe('{"x":1,"b":"ä"}');
  });

  it.each([
    [
      'overlap',
      [
        { start: 1, end: 5, replacement: '' },
        { start: 4, end: 6, replacement: '' },
      ],
    ],
    ['run backwards', [{ start: 5, end: 4, replacement: '' }]],
    ['lie outside', [{ start: 5, end: 99, replacement: '' }]],
  ])('makes no edits that %s', (_, edits) => {
    expect(() => spliceEdits(BODY, edits)).toThrow(
      expect.objectContaining({ code: 'POSTERN_E_CANNOT_EDIT' }),
    );
  });
});

describe('encodeString', () => {
  it('writes a text as a literal of JSON', () => {
    expect(encodeString('a"\n\u0000')).toBe('"a\\"\\n\\u0000"');
  });
});
