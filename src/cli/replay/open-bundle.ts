// A directory as the sidecar takes it, or the file of a bundle, in; its policies ready to be asked, or an exit code, out.
import { stat } from 'node:fs/promises';
import {
  compilePolicies,
  NO_COMPILER,
  NO_SOURCES,
  openCompiler,
  readBuiltin,
  sortSources,
} from '../../policy/compiler/index.ts';
import {
  loadFiles,
  readDirectory,
  type Compile,
  type LoadProblem,
  type PolicyIssue,
  type Snapshot,
  type SourceFile,
} from '../../policy/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { createShelf, reportIssues } from '../policy/report.ts';
import type { Printer } from '../print.ts';
import { readBytes } from '../policy/read-bytes.ts';

/** Whose modes count, as a sidecar's configuration has them. */
export interface Station {
  readonly modes: Snapshot['modes'];
  readonly namespace: string;
}

const BUNDLE = { name: 'bundle.tar.gz' };

/** @throws UsageError when there is nothing to be read. */
export async function openBundle(
  path: string,
  station: Station,
  print: Printer,
): Promise<Result<Snapshot, ExitCode>> {
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const files = isDirectory ? await readFiles(path) : ok([{ ...BUNDLE, bytes: await readBytes(path) }]);
  const { signal } = new AbortController();
  const loaded = files.ok
    ? await loadFiles(files.value, { ...station, compile, current: null, trust: null, signal })
    : err({ issues: [files.error] });
  if (loaded.ok) return ok(loaded.value.snapshot);
  const { issues } = loaded.error;
  const own = files.ok && isDirectory ? sortSources(files.value) : NO_SOURCES;
  reportIssues(print, issues, createShelf(path, own, await readBuiltin()));
  return err(exitOf(issues, isDirectory));
}

const WHOLE = { file: '', row: 0, col: 0 };

async function readFiles(directory: string): Promise<Result<readonly SourceFile[], PolicyIssue>> {
  const reading = await readDirectory(directory);
  return (
    reading?.files ??
    err({ ...WHOLE, code: 'policy.changing', message: 'The directory changed while it was read.' })
  );
}

/** In this process, which ends soon. */
const compile: Compile = async (files) => {
  const compiler = await openCompiler(process.env);
  if (compiler === null) return lasting([{ ...WHOLE, code: NO_COMPILER_CODE, message: NO_COMPILER }]);
  const own = sortSources(files);
  const bytes = await compilePolicies(own, { compiler, builtin: await readBuiltin(), revision: '' });
  return bytes.ok ? bytes : lasting(bytes.error);
};

const lasting = (issues: readonly PolicyIssue[]): Result<never, LoadProblem> =>
  err({ issues, isPassing: false });

const NO_COMPILER_CODE = 'policy.no_compiler';

function exitOf(issues: readonly PolicyIssue[], isDirectory: boolean): ExitCode {
  if (issues.some(({ code }) => code === NO_COMPILER_CODE)) return EXIT.unavailable;
  return isDirectory ? EXIT.findings : EXIT.badData;
}
