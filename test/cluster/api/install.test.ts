// The chart, as Helm renders it, on a real API server, with the real controller under the chart's own account.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiServer, canStartApiServer } from '../../support/api-server.ts';
import { canRender, render, renderText, type Rendered } from '../../support/helm.ts';
import { freePort, MAIN, stop } from '../../support/postern.ts';
import { until } from '../../support/until.ts';

const SYSTEM = 'postern-system';
const ACCOUNT = `system:serviceaccount:${SYSTEM}:postern`;

interface Pod {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly initContainers?: ReadonlyArray<{
      readonly name: string;
      readonly securityContext?: { readonly runAsUser?: number };
    }>;
    readonly containers: ReadonlyArray<{
      readonly name: string;
      readonly env?: ReadonlyArray<{ readonly name: string }>;
    }>;
  };
}

const pod = (name: string, more: object = {}, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  // Without controllers nobody else names it.
  spec: { serviceAccountName: 'default', containers: [{ name: 'app', image: 'app:1' }], ...more },
});

const HARDENED = {
  securityContext: { runAsNonRoot: true },
  containers: [
    {
      name: 'app',
      image: 'app:1',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};

(canStartApiServer && canRender ? describe : describe.skip)('the chart on a real API server', () => {
  let api: ApiServer;
  let folder: string;
  let controller: ChildProcess;
  let log = '';
  let port = 0;
  let admin = 0;
  let objects: readonly Rendered[] = [];

  /** Of a file that is written for it. */
  async function kubectl(verb: readonly string[], object: unknown): Promise<string> {
    const file = join(folder, 'object.json');
    await writeFile(file, JSON.stringify(object));
    return api.kubectl(...verb, '-f', file);
  }
  const create = (object: object, namespace: string): Promise<string> =>
    kubectl(['create', '-n', namespace], object);
  const readPod = async (name: string, namespace: string): Promise<Pod> =>
    JSON.parse(await api.kubectl('get', 'pod', name, '-n', namespace, '-o', 'json')) as Pod;
  const refusal = async (object: object, namespace: string): Promise<string> =>
    create(object, namespace).then(
      () => 'allowed',
      (error: unknown) => String(error),
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-install-'));
    api = await ApiServer.start();
    [port, admin] = [await freePort(), await freePort()];
    objects = await render();
    await api.kubectl('create', 'namespace', SYSTEM);
    for (const [name, ...labels] of NAMESPACES) {
      await api.kubectl('create', 'namespace', name);
      if (labels.length > 0) await api.kubectl('label', 'namespace', name, ...labels);
    }
    for (const object of objects) await kubectl(['apply', '--server-side'], reachable(object, port));
    controller = await startController();
    await until(
      () => `the controller ready; it said:\n${log}`,
      async () => (await fetch(`http://127.0.0.1:${String(admin)}/readyz`)).status === 200,
    );
    await until('the webhooks told whom to trust', async () => {
      const text = await api.kubectl('get', 'mutatingwebhookconfiguration', 'postern', '-o', 'json');
      const { webhooks } = JSON.parse(text) as {
        webhooks: ReadonlyArray<{ clientConfig: { caBundle?: string } }>;
      };
      return webhooks.every(({ clientConfig }) => (clientConfig.caBundle ?? '') !== '');
    });
  });
  afterAll(async () => {
    await stop(controller);
    await api[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const NAMESPACES = [
    ['in', 'postern.dev/inject=enabled'],
    ['out'],
    ['must', 'postern.dev/inject=enabled', 'postern.dev/require=true'],
  ] as const;

  async function startController(): Promise<ChildProcess> {
    const token = (await api.kubectl('create', 'token', 'postern', '-n', SYSTEM)).trim();
    const admins = await readFile(api.kubeconfig, 'utf8');
    const own = admins.replace(
      /users:[\s\S]*?(?=\ncontexts:)/,
      `users: [{name: u, user: {token: ${token}}}]`,
    );
    await writeFile(join(folder, 'kubeconfig'), own);
    const text =
      objects.find(({ data }) => data?.['controller.yaml'] !== undefined)?.data?.['controller.yaml'] ?? '';
    const config = text.replace('certificate:', 'certificate:\n  names: [localhost]');
    await writeFile(join(folder, 'controller.yaml'), config);
    const args = [
      'controller',
      '--config',
      join(folder, 'controller.yaml'),
      '--kubeconfig',
      join(folder, 'kubeconfig'),
    ];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        POSTERN__LISTEN__HTTPS: `127.0.0.1:${String(port)}`,
        POSTERN__LISTEN__ADMIN: `127.0.0.1:${String(admin)}`,
      },
    });
    child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    return child;
  }

  it('renders the same twice, and with the values for high availability', async () => {
    expect(await renderText()).toBe(await renderText());
    expect(
      (await render('-f', join(import.meta.dirname, '../../../charts/postern/values-ha.yaml'))).length,
    ).toBeGreaterThan(objects.length);
    await expect(renderText('--set', 'injection.inject=maybe')).rejects.toThrow(/maybe|inject/);
  });

  it('gives a pod of an opted-in namespace its sidecar first, with a user of its own and base URLs', async () => {
    await create(pod('app'), 'in');
    const { metadata, spec } = await readPod('app', 'in');
    const names = (spec.initContainers ?? []).map(({ name }) => name);
    expect(names).toEqual(['postern-init', 'postern']);
    expect(metadata.labels?.['postern.dev/injected']).toBe('true');
    expect(spec.initContainers?.[1]?.securityContext?.runAsUser).toBeGreaterThanOrEqual(100_000);
    expect(spec.containers[0]?.env?.map(({ name }) => name)).toContain('OPENAI_BASE_URL');
    expect(JSON.parse(metadata.annotations?.['postern.dev/status'] ?? '{}')).toMatchObject({
      mode: expect.anything(),
    });
  });

  it('leaves pods of other namespaces as they are, and one that asks gets its sidecar there', async () => {
    await create(pod('plain'), 'out');
    expect((await readPod('plain', 'out')).spec.initContainers).toBeUndefined();
    await create(pod('asks', {}, { annotations: { 'postern.dev/inject': 'enabled' } }), 'out');
    expect((await readPod('asks', 'out')).spec.initContainers?.at(-1)?.name).toBe('postern');
  });

  it('does nothing on a dry run but answer it', async () => {
    const said = await kubectl(['create', '-n', 'in', '--dry-run=server', '-o', 'json'], pod('dry'));
    expect((JSON.parse(said) as Pod).spec.initContainers?.at(-1)?.name).toBe('postern');
    expect(await api.kubectl('get', 'pods', '-n', 'in', '-o', 'name')).not.toContain('dry');
  });

  it.each([
    [
      'opts out where Postern is required',
      pod('a', HARDENED, { labels: { 'postern.dev/inject': 'disabled' } }),
      'must',
      /require/,
    ],
    [
      'says what is not understood',
      pod('a', {}, { annotations: { 'postern.dev/interseption': 'env' } }),
      'in',
      /interception/,
    ],
    [
      'brings a container that only has its name',
      pod('a', { containers: [{ name: 'postern', image: 'evil:1' }] }),
      'in',
      /postern/,
    ],
    [
      'has processes in common where Postern is required',
      pod('a', { ...HARDENED, shareProcessNamespace: true }),
      'must',
      /shareProcessNamespace/,
    ],
    ['may become root where Postern is required', pod('a'), 'must', /runAsNonRoot/],
  ] as const)('refuses a pod that %s', async (_name, object, namespace, why) => {
    expect(await refusal(object, namespace)).toMatch(why);
  });

  it('takes a hardened pod where Postern is required', async () => {
    expect(await refusal(pod('good', HARDENED), 'must')).toBe('allowed');
  });

  it('keeps what it wrote on a pod, and whoever shares its network, from others', async () => {
    const uid = (await readPod('app', 'in')).spec.initContainers?.[1]?.securityContext?.runAsUser ?? 0;
    const label = api.kubectl('label', 'pod', 'app', '-n', 'in', '--overwrite', 'postern.dev/injected=false');
    await expect(label).rejects.toThrow(/written once/);
    const patch = {
      spec: {
        ephemeralContainers: [{ name: 'debug', image: 'debug:1', securityContext: { runAsUser: uid } }],
      },
    };
    const debug = api.kubectl(
      'patch',
      'pod',
      'app',
      '-n',
      'in',
      '--subresource=ephemeralcontainers',
      '--type=strategic',
      '-p',
      JSON.stringify(patch),
    );
    await expect(debug).rejects.toThrow(/user of the sidecar/);
  });

  it('warns of an annotation that stands where pods do not have it', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', annotations: { 'postern.dev/interception': 'env' } },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: 'app', image: 'app:1' }] },
        },
      },
    };
    const file = join(folder, 'deployment.json');
    await writeFile(file, JSON.stringify(deployment));
    const strict = api.kubectl('create', '-n', 'in', '--dry-run=server', '--warnings-as-errors', '-f', file);
    await expect(strict).rejects.toThrow(/template/);
  });

  it('tells every namespace with sidecars whom to trust, counts, and writes Events', async () => {
    await until('the trust of the namespaces', async () => {
      const found = await api.kubectl(
        'get',
        'configmaps',
        '-A',
        '--field-selector=metadata.name=postern-ca',
        '-o',
        'name',
      );
      return found.trim().split('\n').length >= 2;
    });
    const metrics = await (await fetch(`http://127.0.0.1:${String(admin)}/metrics`)).text();
    expect(metrics).toMatch(/postern_injection_reviews\w*\{[^}]*patch[^}]*\} [1-9]/);
    expect(metrics).toMatch(/postern_certificate_expires\w*(\{.*\})? [1-9]\d+/);
    await until('an Event', async () =>
      (await api.kubectl('get', 'events', '-A', '-o', 'json')).includes('InjectionDenied'),
    );
  });

  it.each([
    ['read Secrets of others', ['get', 'secrets', '-n', 'in'], 'no'],
    ['read other Secrets at home', ['get', 'secrets', '-n', SYSTEM], 'no'],
    ['make pods', ['create', 'pods', '-n', 'in'], 'no'],
    ['go into pods', ['create', 'pods/exec', '-n', 'in'], 'no'],
    ['give itself rights', ['create', 'clusterrolebindings'], 'no'],
    ['change other webhooks', ['patch', 'mutatingwebhookconfigurations/other'], 'no'],
    ['change admission policies', ['patch', 'validatingadmissionpolicies'], 'no'],
    ['change its own webhooks', ['patch', 'mutatingwebhookconfigurations/postern'], 'yes'],
    ['read its own Secret', ['get', `secrets/postern-webhook-tls`, '-n', SYSTEM], 'yes'],
  ] as const)('an account that may %s: %s: %s', async (_name, what, answer) => {
    const said = await api
      .kubectl('auth', 'can-i', `--as=${ACCOUNT}`, ...what)
      .catch((error: unknown) => String(error));
    expect(said.includes('yes') ? 'yes' : 'no').toBe(answer);
  });

  it('lets no opted-in pod start while the controller is down, and none without a sidecar with the webhook gone', async () => {
    await stop(controller);
    expect(await refusal(pod('late'), 'in')).toMatch(/failed calling webhook/);
    expect(await refusal(pod('other'), 'out')).toBe('allowed');
    await api.kubectl('delete', 'mutatingwebhookconfiguration', 'postern');
    expect(await refusal(pod('bare'), 'in')).toMatch(/is the injector down/);
    expect(await refusal(pod('bare', HARDENED), 'must')).toMatch(/is the injector down/);
  });

  it('leaves nothing of the cluster’s when it is removed', async () => {
    for (const object of objects)
      await kubectl(['delete', '--ignore-not-found', '--wait=false'], reachable(object, port));
    const kinds =
      'mutatingwebhookconfigurations,validatingwebhookconfigurations,validatingadmissionpolicies,validatingadmissionpolicybindings,clusterroles,clusterrolebindings';
    const left = await api.kubectl('get', kinds, '-l', 'app.kubernetes.io/part-of=postern', '-o', 'name');
    expect(left).toBe('');
    expect(await refusal(pod('free'), 'in')).toBe('allowed');
  });
});

/** Nothing routes to Services here: the API server asks the process itself. */
function reachable(object: Rendered, port: number): unknown {
  const text = JSON.stringify(object, (key: string, value: unknown) => {
    if (key !== 'clientConfig' || typeof value !== 'object' || value === null || !('service' in value))
      return value;
    const { path } = value.service as { path: string };
    return { url: `https://localhost:${String(port)}${path}` };
  });
  return JSON.parse(text);
}
