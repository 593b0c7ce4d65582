// Words for the program itself in; what became of it in a process of its own, which gives its memory back when it ends, out.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { setPriority, tmpdir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { lastingProblem, wholeIssue, type LoadProblem, type PolicyIssue } from './issue.ts';

/** The exit code; null when the program did not end by itself. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** Never rejects. */
  readonly ended: Promise<Run>;
}

const LARGEST_OUTPUT_CHARACTERS = 1024 * 1024;
const MOST_ISSUES = 100;
/** Where the compiler is to be found; no more of the environment is handed on. */
const HANDED_ON = ['PATH', 'POSTERN_CACHE', 'POSTERN_REGOC'] as const;
/** The compiler is large and runs once: optimising it costs half as much time again, and 120 MiB. */
const NODE_FLAGS = [
  '--liftoff-only',
  '--max-semi-space-size=1',
  '--disable-warning=ExperimentalWarning',
] as const;
const EXIT_ISSUES = 1;
const EXIT_NO_COMPILER = 69;

/** `args`: what Node is told, the main file, and its words. A priority that was given up is not had back without privileges. */
export function startProgram(args: readonly string[], niceness = 0): Running {
  const child = spawn(process.execPath, [...NODE_FLAGS, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: pickEnvironment(),
  });
  if (niceness > 0) beNice(child.pid, niceness);
  // Who has ended reads no more; the exit tells the rest.
  child.stdin.on('error', () => undefined);
  return { child, ended: collect(child) };
}

/** Killed when its time is over, or nobody waits any more. */
export async function finish(
  { child, ended }: Running,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Run> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const kill = (): void => void child.kill('SIGKILL');
  if (over.aborted) kill();
  over.addEventListener('abort', kill);
  try {
    return await ended;
  } finally {
    over.removeEventListener('abort', kill);
  }
}

/** A program that is gone already needs no priority. */
function beNice(pid: number | undefined, niceness: number): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness);
  } catch {
    // Its exit says what there is to be said.
  }
}

function collect(child: Running['child']): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
    if (stdout.length > LARGEST_OUTPUT_CHARACTERS) child.kill('SIGKILL');
  });
  child.once('error', () => resolve({ code: null, stdout }));
  child.once('close', (code) => resolve({ code, stdout }));
  return promise;
}

function pickEnvironment(): NodeJS.ProcessEnv {
  const handedOn = HANDED_ON.map((name) => [name, process.env[name]] as const);
  return { TMPDIR: tmpdir(), ...Object.fromEntries(handedOn.filter(([, value]) => value !== undefined)) };
}

/** Of one that did not build. */
export function explainRun({ code, stdout }: Run): LoadProblem {
  const issues = code === EXIT_ISSUES ? parseIssues(stdout) : [];
  if (issues.length > 0) return lastingProblem(...issues);
  if (code === EXIT_NO_COMPILER) {
    const advice = 'There is no compiler here: build the bundle elsewhere and mount that.';
    return lastingProblem(wholeIssue('policy.no_compiler', advice));
  }
  const ending = code === null ? 'was stopped' : `ended with ${String(code)}`;
  return { issues: [wholeIssue('policy.compiler_failed', `The compiler ${ending}.`)], isPassing: true };
}

function parseIssues(text: string): PolicyIssue[] {
  try {
    const { issues, tests, cases } = JSON.parse(text) as Partial<Record<string, unknown>>;
    return [...listOf(issues), ...listOf(tests).map(blameTest), ...listOf(cases).flatMap(blameCase)]
      .filter(isIssue)
      .slice(0, MOST_ISSUES);
  } catch {
    return [];
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A message alone does not say whose it is. */
function blameTest(test: unknown): unknown {
  const { file, row, col, code, name, message } = recordOf(test);
  return { file, row, col, code, message: `${String(name)} fails: ${String(message)}` };
}

const blameCase = (told: unknown): readonly unknown[] => {
  const { failures, name } = recordOf(told);
  return listOf(failures).map((failure) => blameTest({ ...recordOf(failure), name }));
};

function isIssue(value: unknown): value is PolicyIssue {
  if (typeof value !== 'object' || value === null) return false;
  const { file, row, col, code, message } = value as Record<keyof PolicyIssue, unknown>;
  const texts = [file, code, message];
  return (
    texts.every((text) => typeof text === 'string') && typeof row === 'number' && typeof col === 'number'
  );
}
