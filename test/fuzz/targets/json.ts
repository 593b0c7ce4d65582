// Strict JSON: nothing is accepted that the language's own parser refuses or reads otherwise, and no edit moves a byte.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  encodeString,
  parseJson,
  plainValue,
  spliceEdits,
  type JsonNode,
} from '../../../src/gate/decode/json/index.ts';
import { claim, type FuzzTarget } from '../target.ts';

const VECTORS = join(import.meta.dirname, '../../vectors/json');

const vectors = (): Buffer[] =>
  readdirSync(VECTORS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .filter(({ length }) => length < 4_096);

const stringsOf = (node: JsonNode): Array<Extract<JsonNode, { kind: 'string' }>> => {
  if (node.kind === 'string') return [node];
  if (node.kind === 'array') return node.items.flatMap(stringsOf);
  return node.kind === 'object' ? node.members.flatMap(({ key, value }) => [key, ...stringsOf(value)]) : [];
};

export const json: FuzzTarget = {
  name: 'json',
  seeds: vectors(),
  words: [
    '"',
    '\\u',
    '\\ud83d\\ude00',
    '\\uD800',
    '{"a":1}',
    '[',
    ']',
    '"a":',
    '1e400',
    '-0',
    '1.5E+3',
    'null',
    '__proto__',
    '\u{1f600}',
    '\ufeff',
  ],
  run: (input) => {
    const parsed = parseJson(input);
    if (!parsed.ok) return;
    const expected: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input),
    );
    claim(isDeepStrictEqual(plainValue(parsed.value), expected), 'it is read otherwise than by JSON.parse');
    const strings = stringsOf(parsed.value);
    for (const { start, end, value } of strings)
      claim(
        JSON.parse(input.toString('utf8', start, end)) === value,
        'a string does not stand where it is said to',
      );
    const edits = strings.map(({ start, end, value }) => ({ start, end, replacement: encodeString(value) }));
    const again = parseJson(spliceEdits(input, edits));
    claim(
      again.ok && isDeepStrictEqual(plainValue(again.value), expected),
      'an edit that changes nothing changes something',
    );
    claim(spliceEdits(input, []).equals(input), 'no edit, and other bytes');
  },
};
