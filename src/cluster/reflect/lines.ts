// Bytes as they arrive in; whole lines out, none longer than the limit. What a cut leaves of a last line is not a line.

const NEWLINE = 0x0a;

/** @throws RangeError for a line that is longer, as soon as it is. */
export async function* readLines(
  pieces: AsyncIterable<Buffer>,
  limitBytes: number,
): AsyncGenerator<string, void> {
  let begun: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...begun, piece.subarray(start, end)]).toString('utf8');
      begun = [];
      bytes = 0;
      start = end + 1;
    }
    bytes += piece.length - start;
    if (bytes > limitBytes) throw new RangeError('a line is longer than its limit');
    begun.push(piece.subarray(start));
  }
}
