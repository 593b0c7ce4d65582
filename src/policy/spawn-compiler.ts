// Rego and data files in, a built bundle out: by a process of its own, which gives its memory back when it ends.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../lib/result.ts';
import type { LoadProblem } from './issue.ts';
import type { SourceFile } from './read-directory.ts';
import { explainRun, finish, startProgram } from './run-program.ts';
import { SpareProgram } from './spare-program.ts';

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
const BUILD = ['policy', 'build', '-o', 'json'] as const;
/** Exchanges come first, and leave a quarter of a processor that they could use up. Before the first policies there are none: all are refused, and wait for this. */
const NICENESS = { first: 0, later: 5 } as const;

/** `main` is the program's own main file. What is compiled is a copy, so that nothing changes under the compiler. */
export function spawnCompiler(main: string): Compile {
  let niceness: number = NICENESS.first;
  return (files, signal) =>
    inRoom(async (room) => {
      const [directory, bundle] = [join(room, 'source'), join(room, 'bundle.tar.gz')];
      await copyFiles(files, directory);
      // Whoever wrote the policies has tested them; here it would cost what the exchanges need.
      const words = [...BUILD, '--skip-tests', '--directory', directory, '--bundle', bundle];
      const started = startProgram([main, ...words], niceness);
      const run = await finish(started, signal, TIMEOUT_MS);
      if (run.code === 0) niceness = NICENESS.later;
      return run.code === 0 ? ok(await readFile(bundle)) : err(explainRun(run));
    });
}

export interface FloorCompilers {
  /** Like `spawnCompiler`, for namespaces of a cluster, and with less time and memory. */
  readonly compile: CompileFloors;
  /** The same, after the tests and cases of the namespace, or of the platform where nothing is below it; what fails them is an issue. */
  readonly test: CompileFloors;
}

export const spawnFloorCompiler = (main: string): CompileFloors => spawnFloorCompilers(main).compile;

/** One process is always ready, for whichever is wanted next. */
export function spawnFloorCompilers(main: string): FloorCompilers {
  const spare = new SpareProgram([...FLOORS_FLAGS, main, ...BUILD, '--configmaps', '--wait']);
  return {
    compile: (floors, signal) => buildFloors(floors, { spare, signal, options: { 'skip-tests': true } }),
    // Without a platform above it, `own` is one.
    test: ({ platform, own }, signal) =>
      buildFloors(own.length === 0 ? { platform: null, own: platform } : { platform, own }, {
        spare,
        signal,
        options: {},
      }),
  };
}

interface Building {
  readonly spare: SpareProgram;
  readonly signal: AbortSignal;
  readonly options: Readonly<Record<string, boolean>>;
}

function buildFloors(
  { platform, own }: { readonly [Floor in keyof PolicyFloors]: PolicyFloors[Floor] | null },
  { spare, signal, options }: Building,
): ReturnType<CompileFloors> {
  return inRoom(async (room) => {
    const [upper, directory] = [join(room, 'platform'), join(room, 'source')];
    const bundle = join(room, 'bundle.tar.gz');
    if (platform !== null) await copyFiles(platform, upper);
    await copyFiles(own ?? [], directory);
    const words = { ...options, directory, bundle, ...(platform === null ? {} : { platform: upper }) };
    const run = await finish(spare.begin(words), signal, FLOORS_TIMEOUT_MS);
    return run.code === 0 ? ok(await readFile(bundle)) : err(withoutFolder(explainRun(run), `${upper}/`));
  });
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
