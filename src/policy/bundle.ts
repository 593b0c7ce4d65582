// Compiled policies with their data in, the bytes of a bundle out; and back, trusting nothing.
import { hash } from 'node:crypto';
import { ok, type Result } from '../lib/result.ts';
import {
  bundleFault,
  packArchive,
  unpackArchive,
  type BundleFault,
  type Contents,
} from './bundle-archive.ts';
import { decodeJson, encodeJson, isRecord } from './json-bytes.ts';
import { describeManifest, parseManifest, type Manifest } from './manifest.ts';

export type { BundleFault } from './bundle-archive.ts';
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

/** Equal sources give equal bytes. */
export function writeBundle(source: BundleSource): Result<Buffer, BundleFault> {
  const contents = {
    '.manifest': encodeJson(describeManifest(source)),
    'data.json': encodeJson(source.data),
    'policy.wasm': source.wasm,
  };
  return packArchive({ contents, signatures: null });
}

/** Whether somebody signed it is not looked at: see verifyBundle. */
export function readBundle(bytes: Uint8Array): Result<Bundle, BundleFault> {
  const archive = unpackArchive(bytes);
  return archive.ok ? parseContents(archive.value.contents) : archive;
}

export function parseContents(contents: Contents): Result<Bundle, BundleFault> {
  const { 'data.json': dataBytes, 'policy.wasm': wasm, '.manifest': manifestBytes } = contents;
  const manifest = parseManifest(decodeJson(manifestBytes));
  if (!manifest.ok) return bundleFault('bundle.manifest', `The manifest is not valid: ${manifest.error}.`);
  const data = decodeJson(dataBytes);
  if (!isRecord(data)) return bundleFault('bundle.malformed', 'The data is not a JSON object.');
  const digest = digestOf(wasm, dataBytes, manifest.value);
  return ok({ ...manifest.value, wasm, data, digest });
}

/** Over hashes, so that no byte can move from one part to the next unnoticed. */
function digestOf(wasm: Uint8Array, data: Uint8Array, manifest: Manifest): string {
  const metadata = encodeJson(describeManifest({ ...manifest, revision: '' }));
  return hash('sha256', [wasm, data, metadata].map((part) => hash('sha256', part)).join('\n'));
}
