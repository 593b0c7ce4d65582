// A program and its arguments in; what it printed out. Nothing here goes through a shell.
import { execFile, type ExecFileException } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export type CommandLine = readonly [program: string, ...args: readonly string[]];

export const ROOT = join(import.meta.dirname, '../..');
export const WORK = join(ROOT, 'build/cluster');

export const CACHE =
  process.env['CLUSTER_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'postern-cluster');
const STATE = process.env['CLUSTER_STATE'] ?? join(CACHE, 'state');
export const BIN = join(CACHE, 'bin');
export const IMAGES = join(CACHE, 'images');
export const KUBECONFIG = join(STATE, 'admin.kubeconfig');

class CommandError extends Error {
  constructor(command: string, output: string) {
    super(`${command}\n${output.trim()}`);
    this.name = 'CommandError';
  }
}

/** @throws CommandError with all that the program said, unless it ends with 0. */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], { cwd: ROOT, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as ExecFileException;
    throw new CommandError(`${program} ${args.join(' ')} (${code})`, `${stdout}\n${stderr}`);
  }
}

export const KUBECTL = [join(BIN, 'kubectl'), '--kubeconfig', KUBECONFIG] as const;

export const kubectl = (...args: readonly string[]): Promise<string> => run(...KUBECTL, ...args);

export const isNodeUp = (): Promise<boolean> =>
  kubectl('get', 'nodes', '--request-timeout=2s').then(
    (nodes) => nodes.includes(' Ready '),
    () => false,
  );
