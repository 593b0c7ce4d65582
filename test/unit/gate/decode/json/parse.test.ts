import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../../../../../src/gate/decode/json/index.ts';

const VECTORS = join(import.meta.dirname, '../../../../vectors/json');

const verdictOn = (bytes: Buffer): string => {
  const parsed = parseJson(bytes);
  return parsed.ok ? 'accepted' : parsed.error.code;
};

const verdictsIn = (folder: string, prefix = ''): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(VECTORS, folder))
      .filter((name) => name.startsWith(prefix))
      .map((name) => [name.replace(/\.json$/, ''), verdictOn(readFileSync(join(VECTORS, folder, name)))]),
  );

const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));

describe('the JSON test suite', () => {
  it('finds every valid document accepted, save those with a key given twice or a number beyond the limit', () => {
    const refused = Object.entries(verdictsIn('test_parsing', 'y_')).filter(
      ([, code]) => code !== 'accepted',
    );
    expect(Object.fromEntries(refused)).toEqual({
      y_number_double_close_to_zero: 'json.number',
      y_object_duplicated_key: 'json.duplicate_key',
      y_object_duplicated_key_and_value: 'json.duplicate_key',
    });
  });

  it('finds every invalid document refused', () => {
    const verdicts = Object.entries(verdictsIn('test_parsing', 'n_'));
    expect(verdicts).toHaveLength(188);
    expect(verdicts.filter(([, code]) => code === 'accepted')).toEqual([]);
  });

  it('has a settled answer where the standard leaves one open', () => {
    expect(verdictsIn('test_parsing', 'i_')).toMatchSnapshot();
  });

  it('has a settled answer where parsers are known to change a value', () => {
    expect(verdictsIn('test_transform')).toMatchSnapshot();
  });
});

describe('parseJson', () => {
  it.each([
    ['a key given twice', '{"role":1,"role":2}', 'json.duplicate_key', 10],
    ['a key given twice by way of an escape', '{"role":1,"ro\\u006ce":2}', 'json.duplicate_key', 10],
    [
      'a key given twice among many',
      `{${'abcdefghijka'.replace(/./g, '"$&":1,').slice(0, -1)}}`,
      'json.duplicate_key',
      67,
    ],
    ['__proto__ as a key', '{"__proto__":1}', 'json.proto_key', 1],
    ['__proto__ in escapes', '{"\\u005f_proto__":1}', 'json.proto_key', 1],
    ['half a surrogate pair', '["\\ud800"]', 'json.lone_surrogate', 1],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'json.utf8', 0],
    ['a byte order mark', '\ufeff{}', 'json.bom', 0],
    ['nothing', '', 'json.empty', 0],
    ['nothing but space', ' \n', 'json.empty', 2],
    ['a second value', '{} {}', 'json.trailing', 3],
    ['a long number', `[${'1'.repeat(65)}]`, 'json.number', 1],
    ['a number no double holds', '[1e400]', 'json.number', 1],
    ['a long key', `{"${'k'.repeat(1_025)}":1}`, 'json.key', 1],
    ['a comment', '[1/**/]', 'json.syntax', 2],
    ['a comma before the end', '[1,]', 'json.syntax', 3],
    ['a string that does not end', '["a', 'json.syntax', 3],
    ['an escape that does not end', '["a\\', 'json.syntax', 5],
    ['a control character in a string', '["a\nb"]', 'json.syntax', 3],
  ])('refuses %s', (...[, text, code, offset]) => {
    expect(parseJson(Buffer.from(text as string))).toEqual({ ok: false, error: { code, offset } });
  });

  it('takes 64 levels and refuses the 65th', () => {
    expect(verdictOn(nested(64))).toBe('accepted');
    expect(verdictOn(nested(65))).toBe('json.depth');
    expect(verdictOn(nested(1_000_000))).toBe('json.depth');
  });

  it('takes a hundred thousand values and refuses one more', () => {
    const flat = (count: number): Buffer => Buffer.from(`[${'1,'.repeat(count - 2)}1]`);
    expect(verdictOn(flat(100_000))).toBe('accepted');
    expect(verdictOn(flat(100_001))).toBe('json.nodes');
  });

  it('keeps the places of keys and values in bytes', () => {
    expect(parseJson(Buffer.from('{"ä":"ö\\n", "b":[-1.50e1,true]}'))).toEqual({
      ok: true,
      value: {
        kind: 'object',
        start: 0,
        end: 33,
        members: [
          {
            key: { kind: 'string', start: 1, end: 5, value: 'ä' },
            value: { kind: 'string', start: 6, end: 12, value: 'ö\n' },
          },
          {
            key: { kind: 'string', start: 14, end: 17, value: 'b' },
            value: {
              kind: 'array',
              start: 18,
              end: 32,
              items: [
                { kind: 'number', start: 19, end: 26, raw: '-1.50e1', value: -15 },
                { kind: 'literal', start: 27, end: 31, value: true },
              ],
            },
          },
        ],
      },
    });
  });
});
