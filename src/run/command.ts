// A command and variables in; the command's own exit code out. Standard streams and signals are its own.
import { spawn } from 'node:child_process';
import { exitCodeOf, type Signals } from './signals.ts';

/** @throws Error when it cannot be started. */
export function runCommand(
  [program = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
  signals: Signals,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...variables } });
  signals.lead(child);
  child.once('error', (error: NodeJS.ErrnoException) =>
    reject(new Error(`${program} could not be started (${error.code ?? error.message})`)),
  );
  child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : exitCodeOf(signal))));
  return promise;
}
