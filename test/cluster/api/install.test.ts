// The chart, as Helm renders it, on a real API server, with the real controller under the chart's own account.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender, render, renderText } from '../../support/helm.ts';
import { startGarbageCollector } from '../../support/garbage-collector.ts';
import { Installation, pod } from '../../support/installation.ts';
import { HARDENED } from '../../support/second-lock.ts';
import { until } from '../../support/until.ts';

/** Of whom only the user is said. */
const ANYBODY = { securityContext: { runAsUser: 10_001 } };

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

(canStartApiServer && canRender ? describe : describe.skip)('the chart on a real API server', () => {
  let home: Installation;
  const refusal = (object: object, namespace: string): Promise<string> => home.refusal(object, namespace);
  const create = (object: object, namespace: string): Promise<string> => home.create(object, namespace);
  const readPod = async (name: string, namespace: string): Promise<Pod> =>
    JSON.parse(await home.api.kubectl('get', 'pod', name, '-n', namespace, '-o', 'json')) as Pod;

  beforeAll(async () => {
    home = await Installation.start([
      ['in', 'postern.dev/inject=enabled'],
      ['out'],
      ['must', 'postern.dev/inject=enabled', 'postern.dev/require=true'],
    ]);
  });
  afterAll(() => home[Symbol.asyncDispose]());

  it('renders the same twice, and with the values for high availability', async () => {
    expect(await renderText()).toBe(await renderText());
    expect(
      (await render('-f', join(import.meta.dirname, '../../../charts/postern/values-ha.yaml'))).length,
    ).toBeGreaterThan(home.objects.length);
    await expect(renderText('--set', 'injection.inject=maybe')).rejects.toThrow(/maybe|inject/);
  });

  it('stands in k8s/install as it is rendered', async () => {
    const file = join(import.meta.dirname, '../../../k8s/install/postern.yaml');
    // `make manifests` writes it.
    expect(await readFile(file, 'utf8')).toBe(await renderText());
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
    const said = await home.kubectl(['create', '-n', 'in', '--dry-run=server', '-o', 'json'], pod('dry'));
    expect((JSON.parse(said) as Pod).spec.initContainers?.at(-1)?.name).toBe('postern');
    expect(await home.api.kubectl('get', 'pods', '-n', 'in', '-o', 'name')).not.toContain('dry');
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
    ['may become root where Postern is required', pod('a', ANYBODY), 'must', /runAsNonRoot/],
    ['runs as whoever its image says', pod('a'), 'must', /postern: .* by no securityContext.runAsUser/],
    [
      'asks for less than Postern requires',
      pod('a', HARDENED, { annotations: { 'postern.dev/interception': 'env' } }),
      'must',
      /it would be cooperative/,
    ],
  ] as const)('refuses a pod that %s', async (_name, object, namespace, why) => {
    expect(await refusal(object, namespace)).toMatch(why);
  });

  it('takes a hardened pod where Postern is required', async () => {
    expect(await refusal(pod('good', HARDENED), 'must')).toBe('allowed');
  });

  it('keeps what it wrote on a pod, and whoever shares its network, from others', async () => {
    const uid = (await readPod('app', 'in')).spec.initContainers?.[1]?.securityContext?.runAsUser ?? 0;
    const label = home.api.kubectl(
      'label',
      'pod',
      'app',
      '-n',
      'in',
      '--overwrite',
      'postern.dev/injected=false',
    );
    await expect(label).rejects.toThrow(/written once/);
    const patch = {
      spec: {
        ephemeralContainers: [{ name: 'debug', image: 'debug:1', securityContext: { runAsUser: uid } }],
      },
    };
    const debug = home.api.kubectl(
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
    const file = join(home.folder, 'deployment.json');
    await writeFile(file, JSON.stringify(deployment));
    const strict = home.api.kubectl(
      'create',
      '-n',
      'in',
      '--dry-run=server',
      '--warnings-as-errors',
      '-f',
      file,
    );
    await expect(strict).rejects.toThrow(/template/);
  });

  it('tells every namespace with sidecars whom to trust, counts, and writes Events', async () => {
    await until('the trust of the namespaces', async () => {
      const found = await home.api.kubectl(
        'get',
        'configmaps',
        '-A',
        '--field-selector=metadata.name=postern-ca',
        '-o',
        'name',
      );
      return found.trim().split('\n').length >= 2;
    });
    const metrics = await (await home.leader()).metrics();
    expect(metrics).toMatch(/postern_injection_reviews\w*\{[^}]*patch[^}]*\} [1-9]/);
    expect(metrics).toMatch(/postern_certificate_expires\w*(\{.*\})? [1-9]\d+/);
    await until('an Event', async () =>
      (await home.api.kubectl('get', 'events', '-A', '-o', 'json')).includes('InjectionDenied'),
    );
  });

  it('says of a pod that it passed over why, and counts it', async () => {
    await create(pod('host', { hostNetwork: true }), 'in');
    const eventOf = async (): Promise<unknown> => {
      const text = await home.api.kubectl('get', 'events', '-n', 'in', '-o', 'json');
      const { items } = JSON.parse(text) as { items: ReadonlyArray<{ reason: string; message: string }> };
      return items.find(({ reason }) => reason === 'InjectionSkipped')?.message;
    };
    await until('an Event', async () => (await eventOf()) === 'no sidecar: host network');
    const metrics = await (await home.leader()).metrics();
    expect(metrics).toMatch(/postern_injection_reviews\w*\{[^}]*host_network[^}]*\} [1-9]/);
  });

  it('lets no opted-in pod start while the controller is down, and none without a sidecar with the webhook gone', async () => {
    await home.stopControllers();
    expect(await refusal(pod('late'), 'in')).toMatch(/failed calling webhook/);
    expect(await refusal(pod('other'), 'out')).toBe('allowed');
    await home.api.kubectl('delete', 'mutatingwebhookconfiguration', 'postern');
    expect(await refusal(pod('bare'), 'in')).toMatch(/is the injector down/);
    expect(await refusal(pod('bare', HARDENED), 'must')).toMatch(/is the injector down/);
  });

  it('leaves nothing when it is removed, of what it made either', async () => {
    const made = 'configmaps,secrets,leases';
    const ours = async (kind: string): Promise<string[]> => {
      const found = await home.api.kubectl('get', kind, '-A', '-o', 'name');
      return found.split('\n').filter((name) => name.includes('postern'));
    };
    expect(await ours(made)).toEqual(
      expect.arrayContaining(['configmap/postern-ca', 'secret/postern-webhook-tls']),
    );
    for (const object of home.objects)
      await home.kubectl(['delete', '--ignore-not-found', '--wait=false'], home.reachable(object));
    const kinds =
      'mutatingwebhookconfigurations,validatingwebhookconfigurations,validatingadmissionpolicies,validatingadmissionpolicybindings,clusterroles,clusterrolebindings';
    const left = await home.api.kubectl(
      'get',
      kinds,
      '-l',
      'app.kubernetes.io/part-of=postern',
      '-o',
      'name',
    );
    expect(left).toBe('');
    await using _collector = startGarbageCollector(home.api.kubeconfig);
    await until('that nothing is left', async () => (await ours(made)).length === 0);
    expect(await refusal(pod('free'), 'in')).toBe('allowed');
  });
});
