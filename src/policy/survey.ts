// A directory in; its policy files by name, size and stamp out, without reading one.
import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isNativeError } from 'node:util/types';
import { err, ok, type Result } from '../lib/result.ts';
import { wholeIssue, type PolicyIssue } from './issue.ts';

export interface SurveyedFile {
  /** Below the directory, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export interface Survey {
  readonly root: string;
  readonly files: readonly SurveyedFile[];
  readonly stamp: string;
}

const MIB = 1024 * 1024;
const MOST_FILES = 256;
const LARGEST_FILE_BYTES = 4 * MIB;
const LARGEST_SUM_BYTES = 16 * MIB;
const READABLE = /\.(?:rego|json|yaml|yml|tar\.gz|tgz)$/;

/** Where the keys of a mounted ConfigMap really are: the kubelet fills a new folder, then turns this link to it. */
const CURRENT_LINK = '..data';

interface Found extends SurveyedFile {
  readonly isFile: boolean;
  readonly stamp: string;
}

export async function surveyDirectory(directory: string): Promise<Result<Survey, PolicyIssue>> {
  const root = await resolveRoot(directory);
  try {
    return await collect(root);
  } catch (error) {
    // A turned link explains it: the folder that was being read is removed soon after.
    if ((await resolveRoot(directory)) !== root) return surveyDirectory(directory);
    return err(describeProblem(root, error));
  }
}

/** Equal while nothing changes, also while nothing can be read. */
export const stampOf = (survey: Result<Survey, PolicyIssue>): string =>
  survey.ok ? survey.value.stamp : JSON.stringify(survey.error);

/** The folder that is in force right now. */
async function resolveRoot(directory: string): Promise<string> {
  try {
    return join(directory, await readlink(join(directory, CURRENT_LINK)));
  } catch {
    return directory;
  }
}

async function collect(root: string): Promise<Result<Survey, PolicyIssue>> {
  const files: Found[] = [];
  let bytes = 0;
  for await (const file of walk(root, '')) {
    files.push(file);
    bytes += file.bytes;
    const fault = findFault(file, files.length, bytes);
    if (fault !== null) return err(fault);
  }
  const stamps = files.map(({ name, stamp }) => `${name} ${stamp}`);
  return ok({ root, files, stamp: [root, ...stamps].join('\n') });
}

/** Links to files are followed, as mounted volumes are made of them; links to folders could lead round in circles. */
async function* walk(folder: string, prefix: string): AsyncGenerator<Found> {
  for (const entry of await listFolder(folder)) {
    const path = join(folder, entry.name);
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) {
      yield* walk(path, `${name}/`);
      continue;
    }
    // Not even looked at: editors write such files beside the one they mean, and take them away again.
    if (entry.isFile() && !READABLE.test(name)) continue;
    const found = await stat(path, { bigint: true });
    if (found.isDirectory() || READABLE.test(name)) yield measure({ name, path }, found);
  }
}

/** Hidden names are not policies: links of the kubelet, locks and backups of editors. */
async function listFolder(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const measure = (file: { name: string; path: string }, found: BigIntStats): Found => ({
  ...file,
  bytes: Number(found.size),
  isFile: found.isFile(),
  stamp: [found.size, found.mtimeNs, found.ctimeNs, found.ino].join(' '),
});

function findFault(file: Found, count: number, sumBytes: number): PolicyIssue | null {
  if (!file.isFile)
    return wholeIssue('policy.not_a_file', 'Not a file. Links to folders are not followed.', file.name);
  if (count > MOST_FILES)
    return wholeIssue('policy.too_many', `There are more than ${String(MOST_FILES)} files.`);
  if (file.bytes > LARGEST_FILE_BYTES) {
    return wholeIssue('policy.too_large', `The file is larger than ${inMib(LARGEST_FILE_BYTES)}.`, file.name);
  }
  if (sumBytes <= LARGEST_SUM_BYTES) return null;
  return wholeIssue('policy.too_large', `The files are larger than ${inMib(LARGEST_SUM_BYTES)} together.`);
}

const inMib = (bytes: number): string => `${String(bytes / MIB)} MiB`;

export function describeProblem(root: string, error: unknown): PolicyIssue {
  const { code, path } = isNativeError(error) ? (error as NodeJS.ErrnoException) : {};
  const file = path === undefined ? '' : relative(root, path);
  return wholeIssue('policy.unreadable', `Cannot be read: ${code ?? 'unknown error'}.`, file);
}
