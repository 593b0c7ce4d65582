// Postern installed by its chart on a real API server, its controllers processes beside it under the chart's own account.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from './api-server.ts';
import { ControllerProcess } from './controller-process.ts';
import { render, type Rendered } from './helm.ts';
import { Service } from './service.ts';
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
  readonly objects: readonly Rendered[];
  readonly controllers = new Set<ControllerProcess>();
  readonly #service: Service;
  readonly #sidecars: Service;
  #files = 0;

  private constructor(
    api: ApiServer,
    folder: string,
    services: readonly [Service, Service],
    objects: readonly Rendered[],
  ) {
    [this.api, this.folder, this.objects] = [api, folder, objects];
    [this.#service, this.#sidecars] = services;
  }

  /** With `keys` (PEM by file name) bundles are signed. */
  static async start(
    namespaces: Namespaces,
    { replicas = 1, keys = {} }: { replicas?: number; keys?: Readonly<Record<string, string>> } = {},
  ): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-install-'));
    const api = await ApiServer.start();
    const home = new Installation(
      api,
      folder,
      [await Service.open(), await Service.open()],
      await render(...signingBy(keys)),
    );
    await mkdir(join(folder, 'signing'));
    for (const [name, pem] of Object.entries(keys)) await writeFile(join(folder, 'signing', name), pem);
    await api.kubectl('create', 'namespace', SYSTEM);
    for (const [name, ...labels] of namespaces) {
      await api.kubectl('create', 'namespace', name);
      await api.kubectl('create', 'serviceaccount', 'default', '-n', name);
      if (labels.length > 0) await api.kubectl('label', 'namespace', name, ...labels);
    }
    for (const object of home.objects) await home.kubectl(['apply', '--server-side'], home.reachable(object));
    for (let replica = 0; replica < replicas; replica += 1) await home.startController();
    return home;
  }

  /** Of the Service: whoever comes there is led to one replica after the other. */
  get port(): number {
    return this.#service.port;
  }

  /** The same, of the Service's port for sidecars. */
  get sidecarPort(): number {
    return this.#sidecars.port;
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

  async startController(): Promise<ControllerProcess> {
    const token = (await this.api.kubectl('create', 'token', 'postern', '-n', SYSTEM)).trim();
    const kubeconfig = await this.kubeconfigOf(token);
    const [text = ''] = this.objects.flatMap(({ data }) => data?.['controller.yaml'] ?? []);
    const config = join(this.folder, 'controller.yaml');
    const here = text
      .replace('certificate:', 'certificate:\n  names: [localhost]')
      .replace('/etc/postern-signing', join(this.folder, 'signing'));
    await writeFile(config, here);
    const started = await ControllerProcess.start({ config, kubeconfig });
    this.controllers.add(started);
    this.#lead();
    for (const kind of ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'])
      await until(
        () => `the webhooks told whom to trust; it said:\n${started.log()}`,
        () => this.#isTrusted(kind),
      );
    return started;
  }

  async leader(): Promise<ControllerProcess> {
    let found: ControllerProcess | undefined;
    await until('one leads', async () => {
      for (const each of this.controllers) if (await each.isLeader()) found = each;
      return found !== undefined;
    });
    return found as ControllerProcess;
  }

  /** As a node that is gone: nobody is told. */
  killController(controller: ControllerProcess): void {
    controller.kill();
    this.controllers.delete(controller);
    this.#lead();
  }

  #lead(): void {
    this.#service.leadTo([...this.controllers].map(({ port }) => port));
    this.#sidecars.leadTo([...this.controllers].map(({ sidecars }) => sidecars));
  }

  async #isTrusted(kind: string): Promise<boolean> {
    const { webhooks } = JSON.parse(await this.api.kubectl('get', kind, 'postern', '-o', 'json')) as {
      webhooks: ReadonlyArray<{ clientConfig: { caBundle?: string } }>;
    };
    return webhooks.every(({ clientConfig }) => (clientConfig.caBundle ?? '') !== '');
  }

  async stopControllers(): Promise<void> {
    const all = [...this.controllers];
    this.controllers.clear();
    this.#lead();
    await Promise.all(all.map((each) => each.stop()));
  }

  /** Of a file that is written for it. */
  async kubectl(verb: readonly string[], object: unknown): Promise<string> {
    this.#files += 1;
    const file = join(this.folder, `object-${String(this.#files)}.json`);
    await writeFile(file, JSON.stringify(object));
    return this.api.kubectl(...verb, '-f', file);
  }

  /** As often as it takes: a machine that is busy is told to try again. */
  async apply(object: object): Promise<void> {
    let said = '';
    await until(
      () => said,
      async () => {
        said = await this.kubectl(['apply', '--server-side', '--force-conflicts'], object).then(
          () => '',
          String,
        );
        return !/in time|try again/.test(said);
      },
    );
    if (said !== '') throw new Error(said);
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
    await this.stopControllers();
    await this.#service[Symbol.asyncDispose]();
    await this.#sidecars[Symbol.asyncDispose]();
    await this.api[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true });
  }
}

const signingBy = (keys: Readonly<Record<string, string>>): string[] =>
  Object.keys(keys).length === 0 ? [] : ['--set', 'signing.secret=postern-signing'];
