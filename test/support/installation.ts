// Postern installed by its chart on a real API server, its controller a process beside it under the chart's own account.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from './api-server.ts';
import { render, type Rendered } from './helm.ts';
import { freePort, MAIN, stop } from './postern.ts';
import { until } from './until.ts';

export const SYSTEM = 'postern-system';

export const pod = (name: string, more: object = {}, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  // Without controllers nobody else names the account.
  spec: { serviceAccountName: 'default', containers: [{ name: 'app', image: 'app:1' }], ...more },
});

/** A name, and labels. */
type Namespaces = ReadonlyArray<readonly [string, ...string[]]>;

export class Installation implements AsyncDisposable {
  readonly api: ApiServer;
  readonly folder: string;
  readonly port: number;
  readonly admin: number;
  readonly objects: readonly Rendered[];
  #controller: ChildProcess | null = null;
  #log = '';
  #files = 0;

  private constructor(
    api: ApiServer,
    folder: string,
    ports: readonly [number, number],
    objects: readonly Rendered[],
  ) {
    this.api = api;
    this.folder = folder;
    [this.port, this.admin] = ports;
    this.objects = objects;
  }

  static async start(namespaces: Namespaces): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-install-'));
    const api = await ApiServer.start();
    const home = new Installation(api, folder, [await freePort(), await freePort()], await render());
    await api.kubectl('create', 'namespace', SYSTEM);
    for (const [name, ...labels] of namespaces) {
      await api.kubectl('create', 'namespace', name);
      await api.kubectl('create', 'serviceaccount', 'default', '-n', name);
      if (labels.length > 0) await api.kubectl('label', 'namespace', name, ...labels);
    }
    for (const object of home.objects) await home.kubectl(['apply', '--server-side'], home.reachable(object));
    await home.startController();
    return home;
  }

  /** A file; its user is whom the token says. */
  async kubeconfigOf(token: string): Promise<string> {
    const admins = await readFile(this.api.kubeconfig, 'utf8');
    const own = admins.replace(
      /users:[\s\S]*?(?=\ncontexts:)/,
      `users: [{name: u, user: {token: ${token}}}]`,
    );
    this.#files += 1;
    const file = join(this.folder, `kubeconfig-${String(this.#files)}`);
    await writeFile(file, own);
    return file;
  }

  async startController(): Promise<void> {
    const token = (await this.api.kubectl('create', 'token', 'postern', '-n', SYSTEM)).trim();
    const kubeconfig = await this.kubeconfigOf(token);
    const [text = ''] = this.objects.flatMap(({ data }) => data?.['controller.yaml'] ?? []);
    const config = text.replace('certificate:', 'certificate:\n  names: [localhost]');
    await writeFile(join(this.folder, 'controller.yaml'), config);
    const files = ['--config', join(this.folder, 'controller.yaml'), '--kubeconfig', kubeconfig];
    const args = ['--disable-warning=ExperimentalWarning', MAIN, 'controller', ...files];
    this.#controller = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        POSTERN__LISTEN__HTTPS: `127.0.0.1:${String(this.port)}`,
        POSTERN__LISTEN__ADMIN: `127.0.0.1:${String(this.admin)}`,
      },
    });
    this.#controller.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
    await until(
      () => `the controller ready; it said:\n${this.#log}`,
      async () => (await fetch(`http://127.0.0.1:${String(this.admin)}/readyz`)).status === 200,
    );
    for (const kind of ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'])
      await until(
        () => `the webhooks told whom to trust; it said:\n${this.#log}`,
        () => this.#isTrusted(kind),
      );
  }

  async #isTrusted(kind: string): Promise<boolean> {
    const { webhooks } = JSON.parse(await this.api.kubectl('get', kind, 'postern', '-o', 'json')) as {
      webhooks: ReadonlyArray<{ clientConfig: { caBundle?: string } }>;
    };
    return webhooks.every(({ clientConfig }) => (clientConfig.caBundle ?? '') !== '');
  }

  log(): string {
    return this.#log;
  }

  async stopController(): Promise<void> {
    if (this.#controller !== null) await stop(this.#controller);
  }

  /** Of a file that is written for it. */
  async kubectl(verb: readonly string[], object: unknown): Promise<string> {
    this.#files += 1;
    const file = join(this.folder, `object-${String(this.#files)}.json`);
    await writeFile(file, JSON.stringify(object));
    return this.api.kubectl(...verb, '-f', file);
  }

  create(object: object, namespace: string): Promise<string> {
    return this.kubectl(['create', '-n', namespace], object);
  }

  /** What the API server says against it. */
  refusal(object: object, namespace: string): Promise<string> {
    return this.create(object, namespace).then(
      () => 'allowed',
      (error: unknown) => String(error),
    );
  }

  /** Nothing routes to Services here: the API server asks the process itself. */
  reachable(object: Rendered): unknown {
    const text = JSON.stringify(object, (key: string, value: unknown) => {
      if (key !== 'clientConfig' || typeof value !== 'object' || value === null || !('service' in value))
        return value;
      const { path } = value.service as { path: string };
      return { url: `https://localhost:${String(this.port)}${path}` };
    });
    return JSON.parse(text) as unknown;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopController();
    await this.api[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true });
  }
}
