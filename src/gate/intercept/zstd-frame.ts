// Bytes that begin with a zstd frame in; where that frame ends out (RFC 8878, 3.1.1). Node's decoder may read on into a second one.

const MAGIC = 0xfd2fb528;
/** Bytes of a field by its flag. */
const DICTIONARY_ID = [0, 1, 2, 4];
const CONTENT_SIZE = [0, 2, 4, 8];
const CHECKSUM = 4;
const RUN = 1;

/** Null where no frame begins, or it does not end. */
export function endOfFrame(bytes: Buffer): number | null {
  if (bytes.length < 5 || bytes.readUInt32LE(0) !== MAGIC) return null;
  const descriptor = bytes.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSize = CONTENT_SIZE[descriptor >> 6] ?? 0;
  // One byte either way: the size of the window, or the shortest size of the content.
  const blocks =
    5 + (DICTIONARY_ID[descriptor & 3] ?? 0) + contentSize + (isSingleSegment && contentSize > 0 ? 0 : 1);
  const end = endOfBlocks(bytes, blocks);
  if (end === null) return null;
  const whole = end + ((descriptor & 4) === 0 ? 0 : CHECKSUM);
  return whole <= bytes.length ? whole : null;
}

function endOfBlocks(bytes: Buffer, start: number): number | null {
  let at = start;
  while (at + 3 <= bytes.length) {
    const header = bytes.readUIntLE(at, 3);
    const isRun = ((header >> 1) & 3) === RUN;
    at += 3 + (isRun ? 1 : header >> 3);
    if ((header & 1) === 1) return at <= bytes.length ? at : null;
  }
  return null;
}
