// Where policies are kept and where they are mounted in; something to begin with where nothing is kept yet, out.
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../lib/write-whole.ts';

export const BUNDLE = 'bundle.tar.gz';

/** What is kept is the last known good: it may be newer than what was mounted when the pod was made. */
export async function plantSeed(directory: string, seedDirectory: string | null): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  const kept = join(directory, BUNDLE);
  if (seedDirectory === null || (await isThere(kept))) return false;
  const seed = await readFile(join(seedDirectory, BUNDLE)).catch(() => null);
  if (seed === null) return false;
  await writeWhole(kept, seed);
  return true;
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
