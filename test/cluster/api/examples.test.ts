// The manifests that people copy, shown to a real API server with Postern in it: they are taken whole, their pods get sidecars, their policies hold.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender, type Rendered } from '../../support/helm.ts';
import { Installation } from '../../support/installation.ts';
import { until } from '../../support/until.ts';

/** Of what compiles: busy cores take longer than the default allows. */
const PATIENCE_MS = 180_000;

const MANIFESTS = join(import.meta.dirname, '../../../k8s');
const EXAMPLE = join(MANIFESTS, 'examples/injected');
const OPEN = 'postern-injected';
const RESTRICTED = 'postern-injected-restricted';
/** Where nobody opted in. */
const ELSEWHERE = 'elsewhere';

interface Template {
  readonly metadata: object;
  readonly spec: object;
}

interface Workload extends Rendered {
  readonly spec: {
    readonly template?: Template;
    readonly volumeClaimTemplates?: ReadonlyArray<{ readonly metadata: { readonly name: string } }>;
    readonly jobTemplate?: { readonly spec: { template: Template } };
  };
}

interface Pod {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly initContainers?: ReadonlyArray<{ readonly name: string }>;
    readonly containers: ReadonlyArray<{ readonly env?: ReadonlyArray<{ readonly name: string }> }>;
  };
}

const WORKLOADS = ['Deployment', 'Job', 'CronJob', 'StatefulSet'] as const;

/** As a controller of Kubernetes would make it, which this API server goes without. */
function podOf({ metadata: { name }, spec }: Workload): object {
  const template = spec.template ?? spec.jobTemplate?.spec.template;
  if (template === undefined) throw new Error(`${name} makes no pods`);
  const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  const volumes = claims.map((claim) => ({ name: claim, persistentVolumeClaim: { claimName: claim } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name },
    spec: { ...template.spec, serviceAccountName: 'default', volumes },
  };
}

const namesOf = ({ spec }: Pod): readonly string[] => (spec.initContainers ?? []).map(({ name }) => name);

(canStartApiServer && canRender ? describe : describe.skip)('the examples on a real API server', () => {
  let home: Installation;
  let folder = '';
  let objects: readonly Workload[] = [];

  const kustomize = async (where: string): Promise<readonly Workload[]> =>
    loadAll(await home.api.kubectl('kustomize', where)) as Workload[];
  const find = (kind: string, namespace: string): Workload => {
    const found = objects.find((each) => each.kind === kind && each.metadata.namespace === namespace);
    if (found === undefined) throw new Error(`no ${kind} in ${namespace}`);
    return found;
  };
  const admit = async (pod: object, namespace: string): Promise<Pod> =>
    JSON.parse(await home.kubectl(['create', '-n', namespace, '--dry-run=server', '-o', 'json'], pod)) as Pod;
  /** What kubectl prints, or why it failed. Cores that are busy may not compile within the webhook's time: whoever applies does it again. */
  const apply = async (...args: readonly string[]): Promise<string> => {
    const said = await home.api
      .kubectl('apply', '--server-side', ...args)
      .catch((error: unknown) => String(error));
    return said.includes('could not be compiled in time') ? apply(...args) : said;
  };
  /** The open example, with something else in one of its policies' files. */
  const applyChanged = async (file: string, from: string, to: string): Promise<string> => {
    const copy = await mkdtemp(join(folder, 'changed-'));
    await cp(EXAMPLE, copy, { recursive: true });
    const path = join(copy, 'base/policies', file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
    return apply('--dry-run=server', '-k', join(copy, 'open'));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-examples-'));
    home = await Installation.start([[ELSEWHERE]]);
    objects = await kustomize(EXAMPLE);
    for (const namespace of objects.filter(({ kind }) => kind === 'Namespace')) {
      await home.kubectl(['apply', '--server-side'], namespace);
      await home.api.kubectl('create', 'serviceaccount', 'default', '-n', namespace.metadata.name);
    }
  });
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('k8s/install is the namespace and all that the chart renders', async () => {
    const installed = await kustomize(join(MANIFESTS, 'install'));
    expect(installed.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual(
      [
        'Namespace/postern-system',
        ...home.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
      ].sort(),
    );
  });

  it('the sidecar written by hand is built with its bundle, and taken', async () => {
    const copy = join(folder, 'env-mode');
    await cp(join(MANIFESTS, 'examples/env-mode'), copy, { recursive: true });
    await writeFile(join(copy, 'bundle.tar.gz'), 'a bundle');
    const built = await kustomize(copy);
    expect(built.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'ConfigMap',
      'Deployment',
      'Namespace',
    ]);
    for (const object of built.filter(({ kind }) => kind === 'Namespace'))
      await home.kubectl(['apply', '--server-side'], object);
    expect(await apply('--dry-run=server', '-k', copy)).toContain('deployment.apps/chat');
  });

  it(
    'injected workloads, policies and all, are taken without a warning',
    async () => {
      const taken = (await apply('--dry-run=server', '--warnings-as-errors', '-k', EXAMPLE))
        .trim()
        .split('\n');
      expect(taken).toEqual(objects.map((): unknown => expect.stringContaining('serverside-applied')));
    },
    PATIENCE_MS,
  );

  it.each(WORKLOADS)(
    'the pods of a %s get a sidecar, by the kernel’s rules or by the hosts file',
    async (kind) => {
      const open = await admit(podOf(find(kind, OPEN)), OPEN);
      expect(namesOf(open)).toEqual(['postern-init', 'postern']);
      expect(JSON.parse(open.metadata.annotations['postern.dev/status'] ?? '')).toMatchObject({
        grade: 'enforced',
      });
      const restricted = await admit(podOf(find(kind, RESTRICTED)), RESTRICTED);
      expect(namesOf(restricted)).toEqual(['postern']);
      expect(JSON.parse(restricted.metadata.annotations['postern.dev/status'] ?? '')).toMatchObject({
        grade: 'guarded',
      });
    },
  );

  it('the annotation of the Deployment is enough where nobody opted in, and the Job without one stays as it is', async () => {
    const annotated = await admit(podOf(find('Deployment', OPEN)), ELSEWHERE);
    expect(namesOf(annotated)).toContain('postern');
    expect(annotated.spec.containers[0]?.env?.map(({ name }) => name)).toContain('OPENAI_BASE_URL');
    expect(namesOf(await admit(podOf(find('Job', OPEN)), ELSEWHERE))).toEqual([]);
  });

  it(
    'the policy compiles, and a broken one is refused by its key, row and column',
    async () => {
      expect(await apply('-k', join(EXAMPLE, 'open'))).toContain('configmap/refunds serverside-applied');
      await until('the state of the policy', async () => {
        const read = ['get', 'configmap', 'refunds', '-n', OPEN, '-o'];
        const status = await home.api.kubectl(
          ...read,
          'jsonpath={.metadata.annotations.postern\\.dev/policy-status}',
        );
        return (JSON.parse(status === '' ? '{}' : status) as { state?: string }).state === 'ok';
      });
      expect(await applyChanged('refunds.rego', 'deny contains', 'deny contain')).toMatch(
        /refunds\.rego:\d+:\d+/,
      );
      expect(await applyChanged('patterns.yaml', 'refund everything', 'pay back')).toContain(
        'configmap/refunds',
      );
    },
    PATIENCE_MS,
  );

  it(
    'what is the platform’s to set is not the team’s',
    async () => {
      expect(await applyChanged('config.json', '{', '{"max_user_length": 1000,')).toMatch(
        /max_user_length is the platform's/,
      );
    },
    PATIENCE_MS,
  );
});
