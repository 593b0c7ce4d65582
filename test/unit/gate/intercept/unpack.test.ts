import { describe, expect, it } from '@jest/globals';
import {
  brotliCompressSync,
  constants,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { PosternError } from '../../../../src/exchange/index.ts';
import { endOfFrame, unpackBody } from '../../../../src/gate/intercept/index.ts';

const PACK = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;
const CODINGS = Object.keys(PACK) as Array<keyof typeof PACK>;
const MIB = 1_048_576;
const TEXT = Buffer.from(Array.from({ length: 3_000 }, (_, n) => `{"n":${(n * 7_919) % 10_007}}`).join(','));

/** The length that came out, or the code of the refusal. */
const outcome = (body: Buffer, coding: string, limit = 8 * MIB): Promise<number | string> =>
  unpackBody(body, coding, limit).then(
    ({ length }) => length,
    (error: unknown) => (error instanceof PosternError ? error.code : String(error)),
  );

/** Nothing that packs well: what is refused here is refused for what is behind it, not for its ratio. */
const noise = (size: number): Buffer =>
  Buffer.from(
    Uint32Array.from({ length: Math.ceil(size / 4) }, (_, n) => Math.imul(n + 1, 2_654_435_761)).buffer,
    0,
    size,
  );

/** The end of the output falls on the end of a buffer of the decoder, where some go on reading. */
const SIZES = [0, 1, 16_384, 65_536, 131_072, 262_144];

describe.each(CODINGS)('%s', (coding) => {
  const pack = PACK[coding];

  it('is unpacked to the byte', async () => {
    expect((await unpackBody(pack(TEXT), coding, MIB)).equals(TEXT)).toBe(true);
    for (const size of SIZES.slice(0, 4)) expect(await outcome(pack(Buffer.alloc(size)), coding)).toBe(size);
  });

  it('is refused wherever it is cut', async () => {
    const body = pack(TEXT.subarray(0, 600));
    for (let end = 0; end < body.length; end += 1)
      expect([end, await outcome(body.subarray(0, end), coding)]).toEqual([end, 'POSTERN_E_PARSE']);
  });

  it.each(SIZES)('is refused with anything behind it (%d bytes)', async (size) => {
    const body = pack(noise(size));
    for (const more of [
      Buffer.of(0),
      Buffer.from('{}'),
      body,
      pack(Buffer.from('evil')),
      pack(Buffer.alloc(0)),
    ])
      expect(await outcome(Buffer.concat([body, more]), coding)).toBe('POSTERN_E_PARSE');
  });

  it('is never more than the limit, nor a hundred times its length', async () => {
    const text = pack(TEXT);
    expect(await outcome(text, coding, TEXT.length)).toBe(TEXT.length);
    expect(await outcome(text, coding, TEXT.length - 1)).toBe('POSTERN_E_BODY_TOO_LARGE');
    expect(await outcome(pack(Buffer.alloc(65_536)), coding)).toBe(65_536);
    expect(await outcome(pack(Buffer.alloc(16 * MIB)), coding, 64 * MIB)).toBe('POSTERN_E_BODY_TOO_LARGE');
  });

  it('of another name is refused', async () => {
    for (const other of CODINGS.filter((name) => name !== coding))
      expect([other, await outcome(pack(TEXT), other)]).toEqual([other, 'POSTERN_E_PARSE']);
  });

  it('takes no more memory than its limit while a bomb goes off', async () => {
    const bomb = pack(Buffer.alloc(64 * MIB));
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 0);
    // Long enough not to be refused for its ratio alone.
    const padded =
      coding === 'gzip' || coding === 'deflate' ? bomb : Buffer.concat([bomb, Buffer.alloc(MIB, 'x')]);
    expect(await outcome(padded, coding, MIB)).toMatch(/POSTERN_E_(BODY_TOO_LARGE|PARSE)/);
    clearInterval(watch);
    expect(most).toBeLessThan(16 * MIB);
  });
});

describe('a body in a coding', () => {
  it('that nobody has is refused', async () => {
    for (const coding of ['identity', 'x-gzip', 'GZIP', 'compress', 'gzip, gzip', '__proto__', ''])
      expect(await outcome(gzipSync(TEXT), coding)).toBe('POSTERN_E_UNSUPPORTED_ENCODING');
  });

  it('of gzip says nothing but how it is packed', async () => {
    for (const head of [
      [0x1f, 0x8b, 0x08, 0x08],
      [0x1f, 0x8b, 0x07, 0x00],
    ])
      expect(await outcome(Buffer.concat([Buffer.from(head), gzipSync(TEXT).subarray(4)]), 'gzip')).toBe(
        'POSTERN_E_PARSE',
      );
  });

  it('of deflate has its envelope, which some leave off', async () => {
    expect(await outcome(deflateRawSync(TEXT), 'deflate')).toBe('POSTERN_E_PARSE');
  });

  it('of zstd asks for no more memory than a reader on the web has', async () => {
    const packed = async (log: number): Promise<Buffer> => {
      const stream = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: log } });
      stream.write('a');
      stream.end('b');
      const bytes = Buffer.concat((await stream.toArray()) as Buffer[]);
      // Node ends a stream of its own with a second frame that is empty.
      return bytes.subarray(0, endOfFrame(bytes) ?? 0);
    };
    expect(await outcome(await packed(23), 'zstd')).toBe(2);
    expect(await outcome(await packed(24), 'zstd')).toBe('POSTERN_E_PARSE');
  });

  it('of zstd does not begin with what is skipped', async () => {
    const skipped = Buffer.from('502a4d180400000001020304', 'hex');
    expect(await outcome(Buffer.concat([skipped, zstdCompressSync(TEXT)]), 'zstd')).toBe('POSTERN_E_PARSE');
  });

  it('with a checksum is the same or refused, wherever it is damaged', async () => {
    const text = TEXT.subarray(0, 300);
    const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
    for (const [coding, body] of [
      ['zstd', zstdCompressSync(text, checked)],
      ['gzip', gzipSync(text)],
      ['deflate', deflateSync(text)],
    ] as const)
      for (let at = 0; at < body.length; at += 1) {
        const damaged = Buffer.from(body);
        damaged[at]! ^= 0x41;
        const unpacked = await unpackBody(damaged, coding, MIB).catch(() => text);
        expect([coding, at, unpacked.equals(text)]).toEqual([coding, at, true]);
      }
  });
});
