import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readLines } from '../../../../src/cluster/reflect/lines.ts';

async function* piecesOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [index, place] of places.slice(1).entries()) yield bytes.subarray(places[index], place);
}

async function listOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('lines', () => {
  it('are the same however their bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
        fc.array(fc.nat()),
        async (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          expect(await listOf(readLines(piecesOf(bytes, cuts), 10_000))).toEqual(lines);
        },
      ),
    );
  });

  it('are whole: what was cut off is none', async () => {
    expect(await listOf(readLines(piecesOf(Buffer.from('one\ntw'), []), 100))).toEqual(['one']);
  });

  it('are no longer than they may be, and nothing is kept to find that out', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given += 1000;
        yield Buffer.alloc(1000, 'x');
      }
    }
    await expect(listOf(readLines(endless(), 10_000))).rejects.toThrow(RangeError);
    expect(given).toBe(11_000);
  });
});
