// The lock file in; folders of installed packages, copied to where an image is made, out. Nothing is fetched.
import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './command.ts';

interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

type Lock = Readonly<Record<string, Entry | undefined>>;

async function readLock(): Promise<Lock> {
  const text = await readFile(join(ROOT, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Lock }).packages;
}

/** What the Dockerfile installs, by the flags that npm goes by. */
export async function copyProductionPackages(target: string): Promise<void> {
  const entries = Object.entries(await readLock());
  const wanted = entries.filter(([place, entry]) => place !== '' && (isProduction(entry) || isNative(place)));
  for (const [place] of wanted) await copyPlace(place, target);
}

const isProduction = (entry: Entry = {}): boolean =>
  [entry.dev, entry.optional, entry.devOptional].every((flag) => flag !== true);

/** Made for this machine, and so installed only on its like. */
const isNative = (place: string): boolean =>
  place.startsWith('node_modules/@koromix/') && existsSync(join(ROOT, place));

/** These packages and all that they need. */
export async function copyPackages(names: readonly string[], target: string): Promise<void> {
  for (const place of closureOf(await readLock(), names)) await copyPlace(place, target);
}

/** Packages nested in this one have entries of their own. */
const copyPlace = (place: string, target: string): Promise<void> =>
  cp(join(ROOT, place), join(target, place), {
    recursive: true,
    filter: (source) => !source.startsWith(join(ROOT, place, 'node_modules')),
  });

function closureOf(lock: Lock, names: readonly string[]): Set<string> {
  const places = new Set<string>();
  const visit = (name: string, from: string): void => {
    const place = findPlace(lock, name, from);
    if (places.has(place)) return;
    places.add(place);
    for (const needed of Object.keys(lock[place]?.dependencies ?? {})) visit(needed, place);
  };
  for (const name of names) visit(name, '');
  return places;
}

/** As Node looks for it: in the package's own folder, then in each folder above. */
function findPlace(lock: Lock, name: string, from: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lock[place] !== undefined) return place;
    if (folder === '') throw new Error(`package-lock.json places no ${name}`);
  }
}
