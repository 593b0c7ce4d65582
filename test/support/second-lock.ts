// The chart's admission policies on a real API server, without webhooks and controllers: the second lock alone.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyOperations, type Json } from '../../src/cluster/admit/index.ts';
import { patched } from './admission.ts';
import { ApiServer } from './api-server.ts';
import { render } from './helm.ts';
import { pod } from './installation.ts';
import { until } from './until.ts';

const KINDS = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'];

/** Each with labels as they are before the policies are there. */
const NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  in: { 'postern.dev/inject': 'enabled' },
  out: {},
  odd: { 'postern.dev/inject': 'yes' },
  guarded: { 'postern.dev/require': 'true', 'pod-security.kubernetes.io/enforce': 'baseline' },
  meshed: { 'postern.dev/require': 'true', 'istio-injection': 'enabled' },
  firmly: { 'postern.dev/require': 'enabled' },
  must: { 'postern.dev/inject': 'enabled', 'postern.dev/require': 'true' },
};

interface Asked {
  readonly spec?: object;
  readonly metadata?: object;
  readonly settings?: object;
}

export class SecondLock implements AsyncDisposable {
  readonly api: ApiServer;
  readonly #folder: string;
  #files = 0;

  private constructor(api: ApiServer, folder: string) {
    [this.api, this.#folder] = [api, folder];
  }

  static async start(...values: readonly string[]): Promise<SecondLock> {
    const lock = new SecondLock(await ApiServer.start(), await mkdtemp(join(tmpdir(), 'postern-lock-')));
    try {
      for (const [name, labels] of Object.entries(NAMESPACES)) await lock.addNamespace(name, labels);
      await lock.apply(...values);
      await lock.#isInForce();
      return lock;
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  async addNamespace(name: string, labels: object = {}): Promise<void> {
    await this.kubectl(['create'], { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    await this.api.kubectl('create', 'serviceaccount', 'default', '-n', name);
  }

  /** What the chart renders with these values; it is in force a moment later. */
  async apply(...values: readonly string[]): Promise<void> {
    const objects = (await render(...values)).filter(({ kind }) => KINDS.includes(kind));
    for (const object of objects) await this.kubectl(['apply', '--server-side'], object);
  }

  async #isInForce(): Promise<void> {
    // The policy that is applied last takes as long as any, and alone is against this one.
    const canary = this.injected('canary', { spec: { ...HARDENED, shareProcessNamespace: true } });
    let said = '';
    await until(
      () => `the policies are in force: ${said}`,
      async () => {
        said = await this.refusal(canary, 'must', '--dry-run=server');
        return said.includes('shares neither');
      },
    );
  }

  /** As the injector makes it. */
  injected(name: string, { spec = {}, metadata = {}, settings = {} }: Asked = {}): Json {
    const bare = pod(name, spec, metadata) as Json;
    return applyOperations(bare, patched({ pod: bare, settings }).operations);
  }

  create(object: unknown, namespace: string): Promise<string> {
    return this.kubectl(['create', '-n', namespace], object);
  }

  /** What the API server says against it. */
  refusal(object: unknown, namespace: string, ...args: readonly string[]): Promise<string> {
    return refusalOf(this.kubectl(['create', '-n', namespace, ...args], object));
  }

  /** What it says against a change of the pod, or of a subresource of it. */
  change(name: string, namespace: string, patch: object, ...args: readonly string[]): Promise<string> {
    const words = ['patch', 'pod', name, '-n', namespace, '--type=strategic', '-p', JSON.stringify(patch)];
    return refusalOf(this.api.kubectl(...words, ...args));
  }

  /** Of a file that is written for it. */
  async kubectl(verb: readonly string[], object: unknown): Promise<string> {
    this.#files += 1;
    const file = join(this.#folder, `object-${String(this.#files)}.json`);
    await writeFile(file, JSON.stringify(object));
    return this.api.kubectl(...verb, '-f', file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true });
  }
}

export const refusalOf = (asking: Promise<string>): Promise<string> =>
  asking.then(
    () => 'allowed',
    (error: unknown) => String(error),
  );

/** What `postern.dev/require` asks of applications. */
export const HARDENED = {
  securityContext: { runAsNonRoot: true, runAsUser: 10_001 },
  containers: [
    {
      name: 'app',
      image: 'app:1',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};
