// Processes of a comparison on loopback: started one by one, waited for, and all ended when disposed of.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Processes implements AsyncDisposable {
  /** A folder of their own, for as long as they run. */
  readonly folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  readonly #children: ChildProcess[] = [];

  /** Up once it answers HTTP on its port. */
  async start(
    name: string,
    port: number,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ChildProcess> {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TRUSTED_CUSTOM_HOSTS: '127.0.0.1', ...env },
    });
    this.#children.push(child);
    await waitFor(name, port, child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map(end));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function waitFor(name: string, port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await pause();
  }
  throw new Error(`${name} did not come up`);
}

export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'exit');
  clearTimeout(hard);
}

export function residentMib(child: ChildProcess): number {
  const status = existsSync(`/proc/${child.pid}/status`)
    ? readFileSync(`/proc/${child.pid}/status`, 'utf8')
    : '';
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}
