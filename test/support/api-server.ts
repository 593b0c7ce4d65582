// Nothing in; a real API server with a store, a folder and ports of its own out, in three seconds. It ends with whoever started it.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.ts';

const NODE = join(import.meta.dirname, '../cluster/node');
const CACHE =
  process.env['CLUSTER_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'postern-cluster');

const isBuilt = existsSync(join(CACHE, 'bin/kube-apiserver'));
if (!isBuilt) {
  process.stderr.write(
    'SKIP: tests against a real API server: build it once (minutes, needs Go) by test/cluster/node/build kube\n',
  );
}

/** For `(canStartApiServer ? describe : describe.skip)(…)`: the line above says why. */
export const canStartApiServer: boolean = isBuilt;

export const BIN = join(CACHE, 'bin');
export const KUBECTL = join(BIN, 'kubectl');

export class ApiServer implements AsyncDisposable {
  readonly port: number;
  /** A file; its user may do everything. */
  readonly kubeconfig: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #watchman: ChildProcess;

  private constructor(folder: string, [port, storePort]: Ports) {
    this.port = port;
    this.kubeconfig = join(folder, 'admin.kubeconfig');
    this.#folder = folder;
    this.#env = {
      ...process.env,
      CLUSTER_STATE: folder,
      CLUSTER_API_PORT: String(port),
      CLUSTER_ETCD_PORT: String(storePort),
    };
    this.#watchman = startWatchman(this.#env);
  }

  static async start(): Promise<ApiServer> {
    const server = new ApiServer(await mkdtemp(join(tmpdir(), 'postern-api-')), await freePorts());
    try {
      await server.#up();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  /** The kubeconfig with another port: of a proxy on this machine. */
  async kubeconfigVia(port: number): Promise<string> {
    const file = join(this.#folder, `via-${String(port)}.kubeconfig`);
    const text = await readFile(this.kubeconfig, 'utf8');
    await writeFile(file, text.replace(`:${String(this.port)}`, `:${String(port)}`), { mode: 0o600 });
    return file;
  }

  /** What `kubectl` prints. */
  async kubectl(...args: readonly string[]): Promise<string> {
    const command = [`--kubeconfig=${this.kubeconfig}`, ...args];
    return (await promisify(execFile)(KUBECTL, command)).stdout;
  }

  /** The store keeps no version but the last, and the server starts anew: whoever saw an older one is told that it is gone. */
  async forgetHistory(): Promise<void> {
    const list = await this.kubectl('get', '--raw', '/api/v1/configmaps?limit=1');
    const { metadata } = JSON.parse(list) as { metadata: { resourceVersion: string } };
    const answer = await fetch(
      `http://127.0.0.1:${String(this.#env['CLUSTER_ETCD_PORT'])}/v3/kv/compaction`,
      {
        method: 'POST',
        body: JSON.stringify({ revision: metadata.resourceVersion, physical: true }),
      },
    );
    if (!answer.ok) throw new Error(`The store forgets nothing: ${await answer.text()}`);
    await this.restart();
  }

  /** Killed, and up again with all that it had stored. */
  async restart(): Promise<void> {
    const [pid] = (await readFile(join(this.#folder, 'pids/kube-apiserver'), 'utf8')).split(' ');
    process.kill(Number(pid), 'SIGKILL');
    await until('the API server ended', () => !existsSync(`/proc/${String(pid)}`));
    await this.#up();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#watchman, 'exit');
    this.#watchman.stdin?.end();
    await ended;
  }

  async #up(): Promise<void> {
    await promisify(execFile)(join(NODE, 'up'), ['--control-plane-only'], { env: this.#env });
  }
}

/** Takes the server down when we ask, and also when we are no more. */
const startWatchman = (env: NodeJS.ProcessEnv): ChildProcess =>
  spawn('sh', ['-c', 'cat > /dev/null; exec "$0"', join(NODE, 'down')], {
    env,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });

/** One for the server, and one for its store, which takes the next one as well. */
type Ports = readonly [api: number, store: number];

async function freePorts(): Promise<Ports> {
  const [api, store] = [await listen(0), await listen(0)];
  const peers = await listen(portOf(store) + 1).catch(() => null);
  const ports = [portOf(api), portOf(store)] as const;
  for (const server of [api, store, peers]) server?.close();
  return peers === null ? freePorts() : ports;
}

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

async function listen(port: number): Promise<ReturnType<typeof createServer>> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
