// A command and variables in; the command's own exit code out. Standard streams and signals are its own.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

/** As shells tell a signal. */
const SIGNALLED = 128;

/** @throws Error when it cannot be started. */
export function runCommand(
  [program = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...variables } });
  const passOn = (signal: NodeJS.Signals): void => {
    // The terminal has told the whole group of it.
    if (!(process.stdin.isTTY && ['SIGINT', 'SIGQUIT', 'SIGWINCH'].includes(signal))) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  child.once('error', (error: NodeJS.ErrnoException) =>
    reject(new Error(`${program} could not be started (${error.code ?? error.message})`)),
  );
  child.once('exit', (code, signal) =>
    resolve(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])),
  );
  return promise.finally(() => {
    for (const signal of SIGNALS) process.off(signal, passOn);
  });
}
