import { describe, expect, it } from '@jest/globals';
import { FRAMINGS, writeFrames } from '../../../../../src/gate/decode/index.ts';

const read = (...chunks: readonly string[]): unknown => {
  const reader = FRAMINGS.json_array.openReader();
  const items: string[] = [];
  for (const chunk of chunks) {
    const pushed = reader.push(Buffer.from(chunk));
    if (!pushed.ok) return pushed.error.code;
    items.push(...pushed.value.map(({ data }) => data.toString()));
  }
  const ended = reader.end();
  return ended.ok ? items : [...items, ended.error.code];
};

describe('the reader of a JSON array', () => {
  it.each([
    ['an empty one', [' [ ] '], []],
    ['its items', ['[{"a":1}\n,\r\n{"b":[2,{}]}]\n'], ['{"a":1}', '{"b":[2,{}]}']],
    ['items in pieces', ['[', '{"a', '":"', '}\\', '"]', '"}', ',{', '}', ']'], ['{"a":"}\\"]"}', '{}']],
    ['brackets in strings, which are text', ['[{"a":"]}[{\\\\"}]'], ['{"a":"]}[{\\\\"}']],
    ['an item before the array goes on', ['[{"a":1}'], ['{"a":1}', 'json_array.unterminated']],
    ['nothing at all, said', [''], ['json_array.unterminated']],
  ])('reads %s', (_, chunks, expected) => {
    expect(read(...chunks)).toEqual(expected);
  });

  it.each(['{}', '[1]', '["a"]', '[[{}]]', '[{},]', '[,{}]', '[{}{}]', '[{}]]', '[{}] []', '\ufeff[]'])(
    'does not read %s',
    (text) => {
      expect(read(text)).toBe('json_array.syntax');
    },
  );

  it('refuses an item that is larger than any', () => {
    expect(read(`[{"a":"${'x'.repeat(1_048_576)}`)).toBe('json_array.item_bytes');
    expect(read(`[{"a":"${'x'.repeat(1_048_570)}`, 'xxxxxxxxxx"}]')).toBe('json_array.item_bytes');
  });
});

describe('the writer of a JSON array', () => {
  it.each([
    [[], '[]'],
    [['{"a":1}'], '[{"a":1}]'],
    [['{}', '{}'], '[{},\r\n{}]'],
  ])('writes %j', (items, expected) => {
    const frames = items.map((item) => ({ name: '', data: Buffer.from(item) }));
    expect(Buffer.concat(writeFrames(FRAMINGS.json_array, frames)).toString()).toBe(expected);
  });
});
