// `postern policy fmt`: Rego files in, the same as OPA formats them.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { NO_SOURCES, openCompiler, readSources, type RegoModule } from '../../policy/compiler/index.ts';
import { UsageError, type Call, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { createShelf, reportIssues } from './report.ts';
import { complainOfCompiler } from './workspace.ts';

export const fmtCommand: Command = {
  kind: 'command',
  name: 'fmt',
  summary: 'format Rego files in place',
  operands: 'PATH...',
  options: { check: { help: 'only name the files that are not formatted, and fail if there are any' } },
  examples: [
    { line: 'policy fmt policies', purpose: 'write the files anew that are not formatted' },
    { line: 'policy fmt --check policies', purpose: 'in CI: only name them' },
  ],
  run: format,
};

async function format({ operands, options, print }: Call): Promise<ExitCode> {
  if (operands.length === 0) throw new UsageError('name the files or directories to format');
  const modules = (await Promise.all(operands.map((path) => readModules(path)))).flat();
  const compiler = await openCompiler(process.env);
  if (compiler === null) return complainOfCompiler(print);
  const formatted = await compiler.format(modules);
  if (!formatted.ok) {
    reportIssues(print, formatted.error, createShelf('', { ...NO_SOURCES, modules }, NO_SOURCES));
    return EXIT.findings;
  }
  const files = Object.keys(formatted.value).sort();
  if (options['check'] !== true)
    await Promise.all(files.map((file) => writeFile(file, formatted.value[file] ?? '')));
  if (print.isJson) print.json({ files });
  else for (const file of files) print.line(file);
  return options['check'] === true && files.length > 0 ? EXIT.findings : EXIT.fine;
}

async function readModules(path: string): Promise<readonly RegoModule[]> {
  try {
    if (!(await stat(path)).isDirectory())
      return [{ file: path, text: await readFile(path, 'utf8'), test: false }];
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${codeOf(error)}`);
  }
  const sources = await readSources(path);
  if (!sources.ok) throw new UsageError(`${path}: ${sources.error.message}`);
  return sources.value.modules.map((module) => ({ ...module, file: join(path, module.file) }));
}

const codeOf = (error: unknown): string =>
  (isNativeError(error) ? (error as NodeJS.ErrnoException).code : undefined) ?? 'unknown error';
