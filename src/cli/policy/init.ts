// `postern policy init`: a directory in, a repository of policies that works at once in it. Nothing is overwritten.
import { copyFile, lstat, mkdir, readdir } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { UsageError, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';

/** Beside `src` in a checkout, beside `dist` where it is installed. It is linted and tested like any other. */
const STARTER = join(import.meta.dirname, '../../../rego/starter');

export const initCommand: Command = {
  kind: 'command',
  name: 'init',
  summary: 'start a repository of policies',
  operands: 'DIR',
  options: {},
  examples: [
    { line: 'policy init policies', purpose: 'a policy, its tests, settings, CI and the ConfigMap' },
    { line: 'policy init .', purpose: 'here; what is there already stays as it is, and ends the command' },
  ],
  run: init,
};

async function init({ operands, print }: Call): Promise<ExitCode> {
  const [directory, ...more] = operands;
  if (directory === undefined || more.length > 0) throw new UsageError('name one directory to start in');
  const names = await listStarter();
  const taken = await findTaken(directory, names);
  if (taken.length > 0)
    throw new UsageError(`nothing is overwritten, and there already is ${taken.join(', ')}`);
  for (const name of names) await copyAnew(join(STARTER, name), join(directory, name));
  printStart(print, directory, names);
  return EXIT.fine;
}

async function listStarter(): Promise<string[]> {
  const entries = await readdir(STARTER, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(STARTER, join(parentPath, name)))
    .sort();
}

async function findTaken(directory: string, names: readonly string[]): Promise<string[]> {
  const paths = names.map((name) => join(directory, name));
  const found = await Promise.all(paths.map((path) => lstat(path).catch(() => null)));
  return paths.filter((_, index) => found[index] !== null);
}

async function copyAnew(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UsageError(`${to} cannot be written: ${code}`);
  }
}

function printStart(print: Printer, directory: string, names: readonly string[]): void {
  const files = names.map((name) => join(directory, name));
  const next = [
    `postern policy test ${directory}`,
    `postern policy lint ${directory}`,
    `postern policy build ${directory} --bundle ${join(directory, 'deploy/bundle.tar.gz')}`,
  ];
  if (print.isJson) return print.json({ files, next });
  for (const file of files) print.line(file);
  print.line(`\nNext:\n${next.map((line) => `  ${line}`).join('\n')}`);
}
