// Files and arguments in, what an `opa` said about them out. Each run has a folder of its own, and nothing stays.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface OpaRun {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
  /** A file that the run made. */
  read(this: void, name: string): Promise<Buffer>;
}

/** Name -> content. */
export type OpaFiles = Readonly<Record<string, string>>;

const TIMEOUT_MS = 60_000;
const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** `use` gets what was said while the folder is still there. */
export async function runOpa<T>(
  files: OpaFiles,
  args: readonly string[],
  use: (run: OpaRun) => T | Promise<T>,
): Promise<T> {
  const room = await mkdtemp(join(tmpdir(), 'postern-opa-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(room, name)), { recursive: true });
      await writeFile(join(room, name), content);
    }
    return await use({ ...(await spawn(args, room)), read: (name) => readFile(join(room, name)) });
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

function spawn(args: readonly string[], cwd: string): Promise<Omit<OpaRun, 'read'>> {
  const { promise, resolve } = Promise.withResolvers<Omit<OpaRun, 'read'>>();
  const limits = { cwd, timeout: TIMEOUT_MS, maxBuffer: LARGEST_OUTPUT_BYTES };
  execFile('opa', args, limits, (error, stdout, stderr) =>
    resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
  );
  return promise;
}
