// Folders in; a container image out (an OCI layout in a tar, as `ctr images import` takes it). No engine, no registry.
// Owners and times are fixed, so the same folders give the same digests.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `image.ts --name NAME:TAG --output FILE [--from BASE.tar] --layer FOLDER[:/path/in/image] ...
         [--entrypoint ARG ...] [--cmd ARG ...] [--env K=V ...] [--user UID[:GID]] [--workdir PATH]
`;

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface ImageConfig {
  readonly architecture: string;
  readonly os: 'linux';
  config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; User?: string; WorkingDir?: string };
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: string[] };
}

interface Image {
  readonly config: ImageConfig;
  readonly layers: Descriptor[];
}

const many = { type: 'string', multiple: true, default: [] as string[] } as const;
const { values: given } = parseArgs({
  options: {
    name: { type: 'string' },
    output: { type: 'string' },
    from: { type: 'string' },
    user: { type: 'string' },
    workdir: { type: 'string' },
    layer: many,
    entrypoint: many,
    cmd: many,
    env: many,
  },
});

if (given.name === undefined || given.output === undefined || given.layer.length === 0) {
  process.stderr.write(USAGE);
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), 'image-'));
const blobs = join(work, 'blobs/sha256');
mkdirSync(blobs, { recursive: true });
try {
  const image = given.from === undefined ? emptyImage() : unpackImage(given.from);
  for (const spec of given.layer) await addLayer(image, spec);
  configure(image.config.config);
  packImage(image, given.name, given.output);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function emptyImage(): Image {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return {
    config: { architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [] } },
    layers: [],
  };
}

function unpackImage(tar: string): Image {
  execFileSync('tar', ['-xf', tar, '-C', work]);
  const index = JSON.parse(readFileSync(join(work, 'index.json'), 'utf8')) as { manifests: [Descriptor] };
  const manifest = takeBlob(index.manifests[0].digest) as { config: Descriptor; layers: Descriptor[] };
  return { config: takeBlob(manifest.config.digest) as ImageConfig, layers: manifest.layers };
}

async function addLayer({ config, layers }: Image, spec: string): Promise<void> {
  const [folder = '', into = '/'] = spec.split(':');
  const file = join(work, 'layer');
  const move = into === '/' ? [] : ['--transform', `s,^\\.,.${into.replace(/\/$/, '')},S`];
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  execFileSync('tar', ['-cf', file, ...same, ...move, '-C', resolve(folder), '.']);
  const digest = await hashFile(file);
  layers.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: statSync(file).size });
  config.rootfs.diff_ids.push(digest);
  renameSync(file, blobFile(digest));
}

function configure(config: ImageConfig['config']): void {
  if (given.entrypoint.length > 0) {
    config.Entrypoint = given.entrypoint;
    delete config.Cmd;
  }
  if (given.cmd.length > 0) config.Cmd = given.cmd;
  config.Env = [...(config.Env ?? ['PATH=/usr/sbin:/usr/bin:/sbin:/bin']), ...given.env];
  if (given.user !== undefined) config.User = given.user;
  if (given.workdir !== undefined) config.WorkingDir = given.workdir;
}

function packImage({ config, layers }: Image, name: string, output: string): void {
  const manifest = putBlob('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: putBlob('application/vnd.oci.image.config.v1+json', config),
    layers,
  });
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name.split(':').at(-1),
  };
  writeFileSync(join(work, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(work, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  );
  execFileSync('tar', ['-cf', `${output}.new`, '-C', work, 'oci-layout', 'index.json', 'blobs']);
  renameSync(`${output}.new`, output);
}

function blobFile(digest: string): string {
  return join(blobs, digest.replace('sha256:', ''));
}

function takeBlob(digest: string): unknown {
  const value: unknown = JSON.parse(readFileSync(blobFile(digest), 'utf8'));
  rmSync(blobFile(digest));
  return value;
}

function putBlob(mediaType: string, value: unknown): Descriptor {
  const text = JSON.stringify(value);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  writeFileSync(blobFile(digest), text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

async function hashFile(file: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const part of createReadStream(file)) sum.update(part as Buffer);
  return `sha256:${sum.digest('hex')}`;
}
