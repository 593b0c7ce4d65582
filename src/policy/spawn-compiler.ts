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

/** What a platform says, and what a namespace below it adds; names are `<namespace>/<ConfigMap>/<key>`. */
export interface PolicyFloors {
  readonly platform: readonly SourceFile[];
  readonly own: readonly SourceFile[];
}

export type CompileFloors = (
  floors: PolicyFloors,
  signal: AbortSignal,
) => Promise<Result<Buffer, LoadProblem>>;

/** Two seconds of work; of a small share of a processor, many times that. */
const TIMEOUT_MS = 120_000;
/** Strangers write what is compiled for a cluster. */
const FLOORS_TIMEOUT_MS = 60_000;
const FLOORS_FLAGS = ['--max-old-space-size=512', '--wasm-max-mem-pages=8192'] as const;
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
/** In a sidecar exchanges come first; in a cluster whoever applies a policy waits for it. */
const NICENESS = { sidecar: 10, cluster: 0 } as const;
const EXIT_ISSUES = 1;
const EXIT_NO_COMPILER = 69;

/** `main` is the program's own main file. What is compiled is a copy, so that nothing changes under the compiler. */
export function spawnCompiler(main: string): Compile {
  return (files, signal) =>
    inRoom((room) =>
      build({
        room,
        files,
        signal,
        program: [main],
        timeoutMs: TIMEOUT_MS,
        niceness: NICENESS.sidecar,
      }),
    );
}

/** Like `spawnCompiler`, for namespaces of a cluster, and with less time and memory. */
export function spawnFloorCompiler(main: string): CompileFloors {
  return ({ platform, own }, signal) =>
    inRoom(async (room) => {
      const upper = join(room, 'platform');
      await copyFiles(platform, upper);
      const program = [...FLOORS_FLAGS, main];
      const options = ['--configmaps', '--platform', upper];
      const built = await build({
        room,
        files: own,
        signal,
        program,
        options,
        timeoutMs: FLOORS_TIMEOUT_MS,
        niceness: NICENESS.cluster,
      });
      return built.ok ? built : err(withoutFolder(built.error, `${upper}/`));
    });
}

interface Job {
  readonly room: string;
  readonly files: readonly SourceFile[];
  readonly signal: AbortSignal;
  /** The main file, behind what Node is told. */
  readonly program: readonly string[];
  readonly options?: readonly string[];
  readonly timeoutMs: number;
  readonly niceness: number;
}

async function build(job: Job): Promise<Result<Buffer, LoadProblem>> {
  const directory = join(job.room, 'source');
  const bundle = join(job.room, 'bundle.tar.gz');
  await copyFiles(job.files, directory);
  const where = ['--directory', directory, '--bundle', bundle];
  const run = await runProgram(
    [...job.program, 'policy', 'build', ...OPTIONS, ...(job.options ?? []), ...where],
    job,
  );
  return run.code === 0 ? ok(await readFile(bundle)) : err(explain(run));
}

async function inRoom<T>(work: (room: string) => Promise<T>): Promise<T> {
  const room = await mkdtemp(join(tmpdir(), 'postern-'));
  try {
    return await work(room);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

const withoutFolder = ({ issues, isPassing }: LoadProblem, folder: string): LoadProblem => ({
  issues: issues.map((issue) => ({ ...issue, file: issue.file.replace(folder, '') })),
  isPassing,
});

async function copyFiles(files: readonly SourceFile[], directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
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

function runProgram(args: readonly string[], { signal, timeoutMs, niceness }: Job): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const limits = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: LARGEST_OUTPUT_BYTES } as const;
  const options = { ...limits, signal, env: pickEnvironment() };
  const { pid } = execFile(process.execPath, [...NODE_FLAGS, ...args], options, (error, stdout) =>
    resolve({ code: error === null ? 0 : error.code, stdout }),
  );
  if (pid !== undefined) setPriority(pid, niceness);
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
