// The end of a zstd frame: where ours is, the decoder ends too, and it does not end before.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { endOfFrame } from '../../../src/gate/intercept/index.ts';
import { claim, type FuzzTarget } from '../target.ts';

const decodes = (bytes: Buffer): boolean => {
  try {
    zstdDecompressSync(bytes, { maxOutputLength: 65_536, rejectGarbageAfterEnd: true });
    return true;
  } catch {
    return false;
  }
};

export const zstdFrame: FuzzTarget = {
  name: 'zstd-frame',
  seeds: [
    zstdCompressSync('{"a":1}'),
    zstdCompressSync(Buffer.alloc(300_000, 'abc')),
    zstdCompressSync('{"a":1}', { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  ],
  words: ['\x28\xb5\x2f\xfd', '\x01\x00\x00', '\x03\x00\x00'],
  run: (input) => {
    const end = endOfFrame(input);
    if (end === null) return claim(!decodes(input), 'the decoder finds a frame where we find none');
    if (!decodes(input.subarray(0, end))) return;
    claim(!decodes(input.subarray(0, end - 1)), 'the decoder ends before our end');
  },
};
