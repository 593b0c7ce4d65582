import { describe, expect, it } from '@jest/globals';
import { readLines } from '../../../../src/cli/replay/read-lines.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(text: string, size = 3): Promise<(string | null)[]> {
  const lines: (string | null)[] = [];
  for await (const read of readLines(chunksOf(Buffer.from(text), size)))
    lines.push(...read.map(({ bytes }) => bytes?.toString() ?? null));
  return lines;
}

describe('the lines of a log', () => {
  it.each([1, 2, 3, 7, 100])('are the same however the file is read: %i bytes at once', async (size) => {
    expect(await linesOf('one\n\nthree ö\nfour', size)).toEqual(['one', '', 'three ö', 'four']);
    expect(await linesOf('one\ntwo\n', size)).toEqual(['one', 'two']);
  });

  it('are not kept when they are longer than any of ours', async () => {
    const long = 'x'.repeat(5 * 1024 * 1024);
    expect(await linesOf(`one\n${long}\nthree\n${long}`, 65_536)).toEqual(['one', null, 'three', null]);
  });
});
