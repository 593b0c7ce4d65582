// Compiled policies with their data in, the bytes of a bundle out; and back, trusting nothing. The layout is OPA's.
import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createTar, parseTar, type ParsedTarFileItem } from 'nanotar';
import { err, ok, type Result } from '../lib/result.ts';
import { describeManifest, parseManifest, type Manifest } from './manifest.ts';

export type { PolicyMetadata } from './manifest.ts';

export type PolicyData = Readonly<Record<string, unknown>>;

export interface BundleSource extends Manifest {
  readonly wasm: Uint8Array;
  readonly data: PolicyData;
}

export interface Bundle extends BundleSource {
  /** SHA-256 (hex) over everything that decides: the module, the data and the manifest's metadata. */
  readonly digest: string;
}

export interface BundleFault {
  readonly code: 'bundle.too_large' | 'bundle.malformed' | 'bundle.entries' | 'bundle.manifest';
  readonly message: string;
}

const MIB = 1024 * 1024;
const LARGEST_PACKED_BYTES = 4 * MIB;
const LARGEST_UNPACKED_BYTES = 16 * MIB;
const ENTRIES = ['.manifest', 'data.json', 'policy.wasm'] as const;
/** The same for every bundle, so that equal contents are equal bytes. */
const ATTRIBUTES = { mode: '644', uid: 0, gid: 0, user: '', group: '', mtime: 0 };

type Entries = Readonly<Record<(typeof ENTRIES)[number], Uint8Array>>;

/** Equal sources give equal bytes. */
export function writeBundle(source: BundleSource): Result<Buffer, BundleFault> {
  const entries: Entries = {
    '.manifest': encodeJson(describeManifest(source)),
    'data.json': encodeJson(source.data),
    'policy.wasm': source.wasm,
  };
  const files = ENTRIES.map((name) => ({ name: `/${name}`, data: entries[name] }));
  const tar = createTar(files, { attrs: ATTRIBUTES });
  if (tar.byteLength > LARGEST_UNPACKED_BYTES) return tooLarge('unpacked', LARGEST_UNPACKED_BYTES);
  const bytes = gzipSync(tar, { level: 9 });
  return bytes.byteLength > LARGEST_PACKED_BYTES ? tooLarge('packed', LARGEST_PACKED_BYTES) : ok(bytes);
}

export function readBundle(bytes: Uint8Array): Result<Bundle, BundleFault> {
  if (bytes.byteLength > LARGEST_PACKED_BYTES) return tooLarge('packed', LARGEST_PACKED_BYTES);
  const entries = unpack(bytes);
  if (!entries.ok) return entries;
  const { 'data.json': dataBytes, 'policy.wasm': wasm, '.manifest': manifestBytes } = entries.value;
  const manifest = parseManifest(decodeJson(manifestBytes));
  if (!manifest.ok) return fault('bundle.manifest', `The manifest is not valid: ${manifest.error}.`);
  const data = decodeJson(dataBytes);
  if (!isRecord(data)) return fault('bundle.malformed', 'The data is not a JSON object.');
  const digest = digestOf(wasm, dataBytes, manifest.value);
  return ok({ ...manifest.value, wasm, data, digest });
}

function unpack(bytes: Uint8Array): Result<Entries, BundleFault> {
  let files: ParsedTarFileItem[];
  try {
    const tar = gunzipSync(bytes, { maxOutputLength: LARGEST_UNPACKED_BYTES });
    // Copied: the reader looks at the whole memory below a view.
    files = parseTar(new Uint8Array(tar));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return tooLarge('unpacked', LARGEST_UNPACKED_BYTES);
    }
    return fault('bundle.malformed', 'It is not a tar archive in gzip.');
  }
  return pickEntries(files);
}

function pickEntries(files: readonly ParsedTarFileItem[]): Result<Entries, BundleFault> {
  const found = new Map(files.map(({ name, data }) => [name, data ?? new Uint8Array()]));
  const [manifest, data, wasm] = ENTRIES.map((name) => found.get(name));
  const isExact = files.length === ENTRIES.length && files.every(({ type }) => type === 'file');
  if (!isExact || manifest === undefined || data === undefined || wasm === undefined) {
    return fault('bundle.entries', `It does not hold exactly ${ENTRIES.join(', ')}.`);
  }
  return ok({ '.manifest': manifest, 'data.json': data, 'policy.wasm': wasm });
}

/** Over hashes, so that no byte can move from one part to the next unnoticed. */
function digestOf(wasm: Uint8Array, data: Uint8Array, manifest: Manifest): string {
  const metadata = encodeJson(describeManifest({ ...manifest, revision: '' }));
  return hash('sha256', [wasm, data, metadata].map((part) => hash('sha256', part)).join('\n'));
}

const encodeJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value, sortKeys));

/** A replacer: objects with their keys in order. */
const sortKeys = (_key: string, value: unknown): unknown =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/** Undefined when it is not JSON in UTF-8. */
function decodeJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fault = (code: BundleFault['code'], message: string): { ok: false; error: BundleFault } =>
  err({ code, message });

const tooLarge = (state: string, limitBytes: number): { ok: false; error: BundleFault } =>
  fault('bundle.too_large', `It is larger than ${String(limitBytes / MIB)} MiB ${state}.`);
