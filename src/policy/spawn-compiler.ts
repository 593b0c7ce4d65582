// Rego and data files in, a built bundle out: by a process of its own, which gives its memory back when it ends.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { setPriority, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../lib/result.ts';
import { lastingProblem, wholeIssue, type LoadProblem, type PolicyIssue } from './issue.ts';
import type { SourceFile } from './read-directory.ts';

export type Compile = (
  files: readonly SourceFile[],
  signal: AbortSignal,
) => Promise<Result<Buffer, LoadProblem>>;

/** Two seconds of work; of a small share of a processor, many times that. */
const TIMEOUT_MS = 120_000;
const LARGEST_OUTPUT_BYTES = 1024 * 1024;
const MOST_ISSUES = 100;
/** Where the compiler is to be found; no more of the environment is handed on. */
const HANDED_ON = ['PATH', 'POSTERN_CACHE', 'POSTERN_REGOC'] as const;
/** The compiler is large and runs once: optimising it costs half as much time again, and 120 MiB. */
const NODE_FLAGS = [
  '--liftoff-only',
  '--max-semi-space-size=1',
  '--disable-warning=ExperimentalWarning',
] as const;
/** Whoever wrote the policies has tested them; here it would cost what the exchanges need. */
const OPTIONS = ['--skip-tests', '-o', 'json'] as const;
/** Exchanges come first. */
const NICENESS = 10;
const EXIT_ISSUES = 1;
const EXIT_NO_COMPILER = 69;

/** `main` is the program's own main file. What is compiled is a copy, so that nothing changes under the compiler. */
export function spawnCompiler(main: string): Compile {
  return async (files, signal) => {
    const room = await mkdtemp(join(tmpdir(), 'postern-'));
    try {
      const directory = join(room, 'source');
      const bundle = join(room, 'bundle.tar.gz');
      await copyFiles(files, directory);
      const build = ['policy', 'build', ...OPTIONS, '--directory', directory, '--bundle', bundle];
      const run = await runProgram([main, ...build], signal);
      return run.code === 0 ? ok(await readFile(bundle)) : err(explain(run));
    } finally {
      await rm(room, { recursive: true, force: true });
    }
  };
}

async function copyFiles(files: readonly SourceFile[], directory: string): Promise<void> {
  for (const { name, bytes } of files) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

interface Run {
  /** The exit code; of another kind when the program did not end by itself. */
  readonly code: unknown;
  readonly stdout: string;
}

function runProgram(args: readonly string[], signal: AbortSignal): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const limits = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: LARGEST_OUTPUT_BYTES } as const;
  const options = { ...limits, signal, env: pickEnvironment() };
  const { pid } = execFile(process.execPath, [...NODE_FLAGS, ...args], options, (error, stdout) =>
    resolve({ code: error === null ? 0 : error.code, stdout }),
  );
  if (pid !== undefined) setPriority(pid, NICENESS);
  return promise;
}

function pickEnvironment(): NodeJS.ProcessEnv {
  const handedOn = HANDED_ON.map((name) => [name, process.env[name]] as const);
  return { TMPDIR: tmpdir(), ...Object.fromEntries(handedOn.filter(([, value]) => value !== undefined)) };
}

function explain({ code, stdout }: Run): LoadProblem {
  const issues = code === EXIT_ISSUES ? parseIssues(stdout) : [];
  if (issues.length > 0) return lastingProblem(...issues);
  if (code === EXIT_NO_COMPILER) {
    const advice = 'There is no compiler here: build the bundle elsewhere and mount that.';
    return lastingProblem(wholeIssue('policy.no_compiler', advice));
  }
  const ending = typeof code === 'number' ? `ended with ${String(code)}` : 'was stopped';
  return { issues: [wholeIssue('policy.compiler_failed', `The compiler ${ending}.`)], isPassing: true };
}

function parseIssues(text: string): PolicyIssue[] {
  try {
    const { issues } = JSON.parse(text) as { issues?: unknown };
    return Array.isArray(issues) ? issues.filter(isIssue).slice(0, MOST_ISSUES) : [];
  } catch {
    return [];
  }
}

function isIssue(value: unknown): value is PolicyIssue {
  if (typeof value !== 'object' || value === null) return false;
  const { file, row, col, code, message } = value as Record<keyof PolicyIssue, unknown>;
  const texts = [file, code, message];
  return (
    texts.every((text) => typeof text === 'string') && typeof row === 'number' && typeof col === 'number'
  );
}
