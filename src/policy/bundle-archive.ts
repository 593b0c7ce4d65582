// The files of a bundle in, its bytes out; and back, no more and no fewer files than there should be. The layout is OPA's.
import { gunzipSync, gzipSync } from 'node:zlib';
import { createTar, parseTar, type ParsedTarFileItem } from 'nanotar';
import { err, ok, type Result } from '../lib/result.ts';

/** What decides, and so what a signature covers. */
export const CONTENT_NAMES = ['.manifest', 'data.json', 'policy.wasm'] as const;
const SIGNATURES_NAME = '.signatures.json';

export type Contents = Readonly<Record<(typeof CONTENT_NAMES)[number], Uint8Array>>;

export interface Archive {
  readonly contents: Contents;
  /** Null when nobody signed it. */
  readonly signatures: Uint8Array | null;
}

export interface BundleFault {
  readonly code: 'bundle.too_large' | 'bundle.malformed' | 'bundle.entries' | 'bundle.manifest';
  readonly message: string;
}

const MIB = 1024 * 1024;
const LARGEST_PACKED_BYTES = 4 * MIB;
const LARGEST_UNPACKED_BYTES = 16 * MIB;
/** The same for every bundle, so that equal contents are equal bytes. */
const ATTRIBUTES = { mode: '644', uid: 0, gid: 0, user: '', group: '', mtime: 0 };

export function packArchive({ contents, signatures }: Archive): Result<Buffer, BundleFault> {
  const files = CONTENT_NAMES.map((name) => ({ name: `/${name}`, data: contents[name] }));
  if (signatures !== null) files.push({ name: `/${SIGNATURES_NAME}`, data: signatures });
  const tar = createTar(files, { attrs: ATTRIBUTES });
  if (tar.byteLength > LARGEST_UNPACKED_BYTES) return tooLarge('unpacked', LARGEST_UNPACKED_BYTES);
  const bytes = gzipSync(tar, { level: 9 });
  return bytes.byteLength > LARGEST_PACKED_BYTES ? tooLarge('packed', LARGEST_PACKED_BYTES) : ok(bytes);
}

export function unpackArchive(bytes: Uint8Array): Result<Archive, BundleFault> {
  if (bytes.byteLength > LARGEST_PACKED_BYTES) return tooLarge('packed', LARGEST_PACKED_BYTES);
  try {
    const tar = gunzipSync(bytes, { maxOutputLength: LARGEST_UNPACKED_BYTES });
    // Copied: the reader looks at the whole memory below a view.
    return sortFiles(parseTar(new Uint8Array(tar)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return tooLarge('unpacked', LARGEST_UNPACKED_BYTES);
    }
    return bundleFault('bundle.malformed', 'It is not a tar archive in gzip.');
  }
}

function sortFiles(files: readonly ParsedTarFileItem[]): Result<Archive, BundleFault> {
  const found = new Map(files.map(({ name, data }) => [name, data ?? new Uint8Array()]));
  const signatures = found.get(SIGNATURES_NAME) ?? null;
  const [manifest, data, wasm] = CONTENT_NAMES.map((name) => found.get(name));
  const count = CONTENT_NAMES.length + (signatures === null ? 0 : 1);
  const isExact = files.length === count && files.every(({ type }) => type === 'file');
  if (!isExact || manifest === undefined || data === undefined || wasm === undefined) {
    const names = `exactly ${CONTENT_NAMES.join(', ')}`;
    return bundleFault(
      'bundle.entries',
      `It does not hold ${names}, and at most ${SIGNATURES_NAME} beside them.`,
    );
  }
  return ok({ contents: { '.manifest': manifest, 'data.json': data, 'policy.wasm': wasm }, signatures });
}

export const bundleFault = (code: BundleFault['code'], message: string): { ok: false; error: BundleFault } =>
  err({ code, message });

const tooLarge = (state: string, limitBytes: number): { ok: false; error: BundleFault } =>
  bundleFault('bundle.too_large', `It is larger than ${String(limitBytes / MIB)} MiB ${state}.`);
