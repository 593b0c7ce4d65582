import { describe, expect, it } from '@jest/globals';
import { FRAMINGS } from '../../../../../src/gate/decode/index.ts';

const read = (...chunks: readonly string[]): unknown => {
  const reader = FRAMINGS.ndjson.openReader();
  const lines: string[] = [];
  for (const chunk of chunks) {
    const pushed = reader.push(Buffer.from(chunk));
    if (!pushed.ok) return pushed.error.code;
    lines.push(...pushed.value.map(({ data }) => data.toString()));
  }
  const ended = reader.end();
  return ended.ok ? [...lines, ...ended.value.map(({ data }) => data.toString())] : ended.error.code;
};

describe('the reader of newline-delimited JSON', () => {
  it.each([
    ['a line each', ['{"a":1}\n{"b":2}\n'], ['{"a":1}', '{"b":2}']],
    ['lines in pieces', ['{"a"', ':1}', '\n{', '}\n'], ['{"a":1}', '{}']],
    ['empty lines, which are nothing', ['\n{}\n\r\n\n'], ['{}']],
    ['a CR before the LF, which JSON skips', ['{}\r\n'], ['{}\r']],
    ['a last line without an end', ['{}\n{"a":1}'], ['{}', '{"a":1}']],
    ['a longer line than any, refused', ['x'.repeat(1_048_577)], 'ndjson.line_bytes'],
    ['a longer line than any in pieces, refused', ['x'.repeat(1_048_576), 'x'], 'ndjson.line_bytes'],
  ])('reads %s', (_, chunks, expected) => {
    expect(read(...chunks)).toEqual(expected);
  });
});
