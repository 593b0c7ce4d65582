// A configuration and a kubeconfig in; a controller, a process of its own with ports of its own, out.
import { type ChildProcess, spawn } from 'node:child_process';
import { freePort, MAIN, stop } from './postern.ts';
import { until } from './until.ts';

interface Files {
  readonly config: string;
  readonly kubeconfig: string;
}

export class ControllerProcess {
  readonly port: number;
  /** Where sidecars ask. */
  readonly sidecars: number;
  readonly admin: number;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(
    { config, kubeconfig }: Files,
    [port, sidecars, admin]: readonly [number, number, number],
  ) {
    [this.port, this.sidecars, this.admin] = [port, sidecars, admin];
    const files = ['--config', config, '--kubeconfig', kubeconfig];
    const args = ['--disable-warning=ExperimentalWarning', MAIN, 'controller', ...files];
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        POD_IP: '127.0.0.1',
        POSTERN__LISTEN__HTTPS: `127.0.0.1:${String(port)}`,
        POSTERN__LISTEN__SIDECARS: `127.0.0.1:${String(sidecars)}`,
        POSTERN__LISTEN__ADMIN: `127.0.0.1:${String(admin)}`,
      },
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
  }

  static async start(files: Files): Promise<ControllerProcess> {
    const started = new ControllerProcess(files, [await freePort(), await freePort(), await freePort()]);
    await until(
      () => `the controller ready; it said:\n${started.log()}`,
      async () => (await fetch(`http://127.0.0.1:${String(started.admin)}/readyz`)).status === 200,
    );
    return started;
  }

  log(): string {
    return this.#log;
  }

  metrics(): Promise<string> {
    return fetch(`http://127.0.0.1:${String(this.admin)}/metrics`).then((answer) => answer.text());
  }

  async isLeader(): Promise<boolean> {
    return /^postern_controller_leader\S* 1$/m.test(await this.metrics());
  }

  async stop(): Promise<void> {
    await stop(this.#child);
  }

  /** Without a word to anybody. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
