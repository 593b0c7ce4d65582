// The paths of an input that policies read in; what of it has to be written, and what has to be kept at hand, out.
import type { Phase } from '../../exchange/index.ts';

/**
 * Paths such as `parts.kind`, for each phase: arrays are passed through, what ends in `*` is read with all that is below
 * it, and what does not, without.
 */
export type Reads = Readonly<Record<Phase, readonly string[]>>;

const EVERYTHING = '*';
const TEXT = 'parts.text';
/** Where a part says which text is its own, for policies that have the host look into it. */
export const TEXT_HANDLE = '@text';
/** Keeps parts apart that differ in nothing that is read: policies may put them into sets. The handle does so too. */
export const IDENTITY = '@id';
const TEXT_AT_HAND = `parts.${TEXT_HANDLE}`;

export const READS_EVERYTHING: Reads = { request: [EVERYTHING], response: [EVERYTHING] };

/** Whether some policy can tell apart two messages of this phase that differ only in what is at a path or below it. */
export const mayRead = (reads: Reads, phase: Phase, path: string): boolean =>
  reads[phase].some((read) => overlap(read === TEXT_AT_HAND ? TEXT : read, path));

export const readsText = (reads: Reads, phase: Phase): boolean => mayRead(reads, phase, TEXT);

function overlap(read: string, path: string): boolean {
  if (read === EVERYTHING || path === EVERYTHING || read === path) return true;
  return read.startsWith(`${path}.`) || (read.endsWith('.*') && `${path}.`.startsWith(read.slice(0, -1)));
}

/** What is read of one field: whether all of it, else of which fields below it what. */
export interface ReadTree {
  /** Null when nothing is. */
  at(this: void, name: string): ReadTree | null;
}

const ALL: ReadTree = { at: (name) => (name === IDENTITY ? null : ALL) };

export function growReads(paths: readonly string[]): ReadTree {
  if (paths.includes(EVERYTHING)) return ALL;
  const below = Map.groupBy(paths, (path) => path.split('.', 1)[0]);
  const trees = new Map([...below].map(([name = '', all]) => [name, growReads(cutFirst(name, all))]));
  return { at: (name) => trees.get(name) ?? null };
}

const cutFirst = (name: string, paths: readonly string[]): string[] =>
  paths.filter((path) => path !== name).map((path) => path.slice(name.length + 1));
