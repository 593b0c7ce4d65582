// A packed body in; what was packed out, bounded before it is there. One coding, one stream of it, and nothing behind.
import { brotliDecompress, constants, crc32, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { PosternError } from '../../exchange/index.ts';
import { endOfFrame } from './zstd-frame.ts';

type Unpack = (body: Buffer, maxOutputLength: number) => Promise<Buffer>;

const CODINGS: ReadonlyMap<string, Unpack> = new Map(
  Object.entries({
    gzip: unpackGzip,
    deflate: (body, maxOutputLength) => unpackWhole(inflate, body, { maxOutputLength }),
    br: (body, maxOutputLength) => unpackWhole(brotliDecompress, body, { maxOutputLength }),
    zstd: unpackZstd,
  } satisfies Record<string, Unpack>),
);

/** How many times its packed length a body may have: text is packed tenfold, a bomb a thousandfold. */
const MAX_RATIO = 100;
/** Never too much, however well it was packed. */
const ALWAYS_BYTES = 65_536;

/** The codings that are understood, one at a time. */
export const isCoding = (name: string): boolean => CODINGS.has(name);

/** @throws PosternError POSTERN_E_BODY_TOO_LARGE; POSTERN_E_PARSE unless it is one whole stream of its coding. */
export async function unpackBody(body: Buffer, coding: string, limitBytes: number): Promise<Buffer> {
  const unpack = CODINGS.get(coding);
  if (unpack === undefined) throw new PosternError('POSTERN_E_UNSUPPORTED_ENCODING');
  const most = Math.min(limitBytes, Math.max(ALWAYS_BYTES, body.length * MAX_RATIO));
  try {
    return await unpack(body, most);
  } catch (error) {
    if (isTooLarge(error))
      throw new PosternError('POSTERN_E_BODY_TOO_LARGE', `Limit: ${most} bytes, unpacked.`);
    throw new PosternError('POSTERN_E_PARSE', `It is not one whole stream of ${coding}.`);
  }
}

const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

interface Options {
  readonly maxOutputLength: number;
  readonly params?: Readonly<Record<number, number>>;
}

/** What those of zlib have in common; with `info` the result says how many of the bytes were read. */
type Decoder = (
  body: Buffer,
  options: Options & { readonly info: true },
  done: (error: Error | null, result: Buffer) => void,
) => void;

/** Off the event loop. */
function start(decoder: Decoder, body: Buffer, options: Options): Promise<Unpacked> {
  const { promise, resolve, reject } = Promise.withResolvers<Unpacked>();
  decoder(body, { ...options, info: true }, (error, result) =>
    error === null ? resolve(result as unknown as Unpacked) : reject(error),
  );
  return promise;
}

async function unpackWhole(decoder: Decoder, body: Buffer, options: Options): Promise<Buffer> {
  const { buffer, engine } = await start(decoder, body, options);
  if (engine.bytesWritten !== body.length) throw notWhole();
  return buffer;
}

/** A zstd frame says how much memory its reader has to keep; RFC 9659 allows 8 MiB. */
const ZSTD_PARAMS = { [constants.ZSTD_d_windowLogMax]: 23 };

async function unpackZstd(body: Buffer, maxOutputLength: number): Promise<Buffer> {
  if (endOfFrame(body) !== body.length) throw notWhole();
  return unpackWhole(zstdDecompress, body, { maxOutputLength, params: ZSTD_PARAMS });
}

const HEAD_BYTES = 10;
const TAIL_BYTES = 8;
/** Deflate, and no optional field: nobody needs the name of a file here. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 0x08, 0x00]);

/** Read by hand around the deflated data: zlib takes any number of members for one. */
async function unpackGzip(body: Buffer, maxOutputLength: number): Promise<Buffer> {
  if (!body.subarray(0, GZIP_HEAD.length).equals(GZIP_HEAD)) throw notWhole();
  const { buffer, engine } = await start(inflateRaw, body.subarray(HEAD_BYTES), { maxOutputLength });
  const tail = body.subarray(HEAD_BYTES + engine.bytesWritten);
  const isWhole = tail.length === TAIL_BYTES && tail.readUInt32LE(0) === crc32(buffer);
  if (!isWhole || tail.readUInt32LE(4) !== buffer.length) throw notWhole();
  return buffer;
}

const notWhole = (): Error => new Error('more or less than one stream');
