// A pod with a sidecar in one of the modes, and the rules of that mode in its kernel.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trustVariables } from '../../src/lead/index.ts';
import { runCommand } from '../support/cli.ts';
import { MAIN } from '../support/postern.ts';
import { until } from '../support/until.ts';
import { Namespaces, type Ran } from './namespaces.ts';
import { GATE, LLM, MARK, PROXY, UIDS, type Hit, type Mode } from './places.ts';

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'];
const ADMIN = 'http://127.0.0.1:7490';

let building: Promise<string> | undefined;

/** The built-in policies, built once for all pods of a file. */
const builtIn = (): Promise<string> =>
  (building ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-built-'));
    await writeFile(join(folder, 'config.json'), '{}');
    const bundle = join(folder, 'bundle.tar.gz');
    await runCommand('policy', 'build', folder, '--bundle', bundle);
    return bundle;
  })());

/** What an exchange sends that policies refuse. */
const BODY = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: MARK }] });

export interface Tried extends Ran {
  readonly hits: readonly Hit[];
}

export class Pod implements AsyncDisposable {
  readonly #namespaces: Namespaces;
  readonly #folder: string;
  readonly #mode: Mode;
  #sidecar: ChildProcess | null = null;
  #log = '';

  private constructor(namespaces: Namespaces, folder: string, mode: Mode) {
    this.#namespaces = namespaces;
    this.#folder = folder;
    this.#mode = mode;
  }

  static async start(mode: Mode): Promise<Pod> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-netns-'));
    await chmod(folder, 0o755);
    const led = mode === 'hosts' ? [`127.0.0.1 ${LLM.name}`, `::1 ${LLM.name}`] : [];
    const pod = new Pod(await Namespaces.make(folder, led), folder, mode);
    await pod.#configure();
    await pod.redirect();
    await pod.startSidecar();
    return pod;
  }

  async #configure(): Promise<void> {
    const config = {
      listen: {
        ...(this.#mode === 'proxy' ? { proxy: GATE } : {}),
        ...(this.#mode === 'hosts' ? { hosts: '127.0.0.1:443' } : {}),
        ...(this.#isRedirected ? { redirect: '127.0.0.1:7413' } : {}),
      },
      interception: { trust_directory: join(this.#folder, 'trust'), strict: this.#mode === 'strict' },
      upstreams: {
        openai: { provider: 'openai', url: `https://${LLM.name}`, ca_file: join(this.#folder, 'world.pem') },
      },
      policy: { directory: join(this.#folder, 'policies') },
    };
    await writeFile(this.#config, JSON.stringify(config));
    await chown(this.#folder, UIDS.sidecar, UIDS.sidecar);
    await mkdir(config.policy.directory);
    await copyFile(await builtIn(), join(config.policy.directory, 'bundle.tar.gz'));
  }

  get #isRedirected(): boolean {
    return this.#mode === 'redirect' || this.#mode === 'strict';
  }

  get #config(): string {
    return join(this.#folder, 'postern.yaml');
  }

  /** The init step; again and again, it is the same. */
  async redirect(): Promise<void> {
    if (!this.#isRedirected) return;
    const ports = `443,80,${PROXY.port}`;
    const init = [
      ...NODE,
      MAIN,
      'init',
      '--config',
      this.#config,
      '--uid',
      String(UIDS.sidecar),
      '--ports',
      ports,
    ];
    const { code, output } = await this.#namespaces.run([...init, '--apply'], { uid: null });
    if (code !== 0) throw new Error(output);
  }

  async startSidecar(): Promise<void> {
    this.#sidecar = this.#namespaces.start([...NODE, MAIN, 'sidecar', '--config', this.#config], {
      uid: UIDS.sidecar,
    });
    this.#sidecar.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
    const from = this.#log.length;
    await until(
      () => `ready; it said:\n${this.#log}`,
      () => this.#log.includes('policies are in force', from),
    );
  }

  async kill(): Promise<void> {
    const sidecar = this.#sidecar;
    if (sidecar === null || sidecar.exitCode !== null || sidecar.signalCode !== null) return;
    sidecar.kill('SIGKILL');
    await once(sidecar, 'exit');
  }

  /** A page of the admin port; code 0 for a good one. */
  fetch(path: string): Promise<Ran> {
    return this.#namespaces.run(['curl', '-s', '-m', '5', '--fail-with-body', `${ADMIN}${path}`], {
      uid: UIDS.app,
    });
  }

  /** What the webhook would have set. */
  get variables(): Readonly<Record<string, string>> {
    if (this.#mode === 'env') return { OPENAI_BASE_URL: 'http://127.0.0.1:7411/openai/v1' };
    const trust = trustVariables(join(this.#folder, 'trust'));
    const url = `http://${GATE}`;
    return this.#mode === 'proxy' ? { ...trust, HTTPS_PROXY: url, http_proxy: url } : trust;
  }

  /** Runs as somebody in the pod, and says what of it reached the world. */
  async try(command: readonly string[], uid: number | null = UIDS.app, env = {}): Promise<Tried> {
    const before = this.#namespaces.hits.length;
    const ran = await this.#namespaces.run(command, { uid, env: { ...this.variables, BODY, ...env } });
    // What was sent without waiting for an answer is still on its way.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { ...ran, hits: this.#namespaces.hits.slice(before) };
  }

  log(): string {
    return this.#log;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#namespaces[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
