// Arguments in; the exit code of the command line, and what it wrote, out. In this process, which is much faster.
import { jest } from '@jest/globals';
import { runCli } from '../../src/cli/index.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One at a time: what it writes is caught on its way out of the process. */
export async function runCommand(...argv: readonly string[]): Promise<CliRun> {
  const written = { stdout: '', stderr: '' };
  const catchers = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      written[stream] += String(chunk);
      return true;
    }),
  );
  try {
    const code = await runCli(argv);
    return { code, ...written };
  } finally {
    for (const catcher of catchers) catcher.mockRestore();
  }
}
