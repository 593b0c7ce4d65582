// A cluster in; all that checks look at, read once and at the same time, out. What could not be read says why.
import { load } from 'js-yaml';
import { ok } from '../../lib/result.ts';
import type { Answered, KubeObject, Resource } from '../../cluster/reflect/index.ts';
import { STATUS_NAME, type ConfigMap } from '../../cluster/distribute/index.ts';
import { parseControllerConfig, type InjectionSettings } from '../../config/index.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { CONFIG_MAPS, NAMESPACES } from '../cluster/resources.ts';
import { RESOURCES, type Deployment, type EndpointSlice, type Lease, type Pod } from './objects.ts';
import type { PolicyBinding, Secret, WebhookConfiguration } from './objects.ts';
import { askRights, type Right } from './rights.ts';

export interface Facts {
  readonly nowMs: number;
  /** Where Postern is, or is to be. */
  readonly platform: string;
  /** The one that is looked at more closely. */
  readonly namespace: string | null;
  readonly version: Answered<{
    readonly gitVersion?: string;
    readonly major?: string;
    readonly minor?: string;
  }>;
  readonly admissionApi: Answered<{ readonly resources?: ReadonlyArray<{ readonly name: string }> }>;
  readonly installRights: readonly Right[];
  readonly deployments: Answered<readonly Deployment[]>;
  readonly leases: Answered<readonly Lease[]>;
  readonly slices: Answered<readonly EndpointSlice[]>;
  readonly mutating: Answered<readonly WebhookConfiguration[]>;
  readonly validating: Answered<readonly WebhookConfiguration[]>;
  readonly admissionPolicies: Answered<readonly KubeObject[]>;
  readonly bindings: Answered<readonly PolicyBinding[]>;
  readonly secrets: Answered<readonly Secret[]>;
  /** Of each controller's settings: what its sidecars run. */
  readonly images: Answered<ReadonlyArray<InjectionSettings['image']>>;
  readonly statuses: Answered<readonly ConfigMap[]>;
  readonly namespaces: Answered<readonly KubeObject[]>;
  readonly pods: Answered<readonly Pod[]>;
  /** What became of a pod that was made for a try, and not kept. */
  readonly trial: Answered<Pod> | null;
}

type Value<K extends 'version' | 'admissionApi'> = Extract<Facts[K], { ok: true }>['value'];

/** Every object of the chart has it. */
const OURS = 'app.kubernetes.io/part-of=postern';

export interface Asked {
  readonly platform: string;
  readonly namespace: string | null;
}

export async function readFacts(cluster: Cluster, { platform, namespace }: Asked): Promise<Facts> {
  const get = async <T>(path: string): Promise<Answered<T>> =>
    (await cluster.ask({ method: 'GET', path })) as Answered<T>;
  const ours = { labelSelector: OURS };
  const settings = readSettings(cluster, platform);
  const list = <T extends KubeObject>(resource: Resource, where: object): Promise<Answered<readonly T[]>> =>
    cluster.tryList<T>(resource, where);
  const reading = {
    version: get<Value<'version'>>('/version'),
    admissionApi: get<Value<'admissionApi'>>('/apis/admissionregistration.k8s.io/v1'),
    installRights: askRights(cluster, platform),
    deployments: list<Deployment>(RESOURCES.deployments, { namespace: platform, ...ours }),
    leases: list<Lease>(RESOURCES.leases, { namespace: platform }),
    slices: list<EndpointSlice>(RESOURCES.slices, { namespace: platform, ...ours }),
    mutating: list<WebhookConfiguration>(RESOURCES.mutating, ours),
    validating: list<WebhookConfiguration>(RESOURCES.validating, ours),
    admissionPolicies: list(RESOURCES.policies, ours),
    bindings: list<PolicyBinding>(RESOURCES.bindings, ours),
    secrets: settings.then((read) => readSecrets(cluster, platform, read)),
    images: settings.then(imagesIn),
    statuses: list<ConfigMap>(CONFIG_MAPS, { fieldSelector: `metadata.name=${STATUS_NAME}` }),
    namespaces: list(NAMESPACES, {}),
    pods: list<Pod>(RESOURCES.pods, namespace === null ? {} : { namespace }),
    trial: namespace === null ? null : tryPod(cluster, namespace),
  };
  return { nowMs: Date.now(), platform, namespace, ...(await settleAll(reading)) };
}

type Settings = Answered<readonly string[]>;

async function readSettings(cluster: Cluster, namespace: string): Promise<Settings> {
  const maps = await cluster.tryList<ConfigMap>(CONFIG_MAPS, { namespace, labelSelector: OURS });
  return maps.ok ? ok(maps.value.flatMap(({ data }) => data?.['controller.yaml'] ?? [])) : maps;
}

/** Settings that cannot be read allow none. */
const imagesIn = (settings: Settings): Facts['images'] =>
  settings.ok
    ? ok(
        settings.value
          .map((text) => parseControllerConfig({ file: 'controller.yaml', text, env: {} }))
          .flatMap((parsed) => (parsed.ok ? [parsed.value.injection.image] : [])),
      )
    : settings;

/** Of which the controller's own settings say that it is served; no other is asked for. */
async function readSecrets(
  cluster: Cluster,
  namespace: string,
  settings: Settings,
): Promise<Answered<readonly Secret[]>> {
  if (!settings.ok) return settings;
  const names = settings.value.flatMap((text) => secretOf(text) ?? []);
  const found = await Promise.all(
    names.map((name) => cluster.tryGet<Secret>(RESOURCES.secrets, { namespace, name })),
  );
  const [failure] = found.filter((each) => !each.ok && each.error.code !== 'not_found');
  if (failure !== undefined && !failure.ok) return failure;
  return ok(found.flatMap((each) => (each.ok ? [each.value] : [])));
}

/** Settings that cannot be read name none. */
function secretOf(settings: string): string | undefined {
  try {
    const { certificate } = (load(settings) ?? {}) as { certificate?: { secret?: unknown } };
    return typeof certificate?.secret === 'string' ? certificate.secret : undefined;
  } catch {
    return undefined;
  }
}

async function settleAll<T extends object>(reading: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const entries = Object.entries(reading).map(
    async ([key, value]) => [key, await (value as unknown)] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as { [K in keyof T]: Awaited<T[K]> };
}

/** As restricted as a pod can be: what refuses it would refuse any. */
async function tryPod(cluster: Cluster, namespace: string): Promise<Answered<Pod>> {
  const container = {
    name: 'app',
    image: 'postern-check',
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '10m', memory: '16Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      runAsUser: 1000,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
  const answer = await cluster.ask({
    method: 'POST',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
    query: { dryRun: 'All' },
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'postern-check-', labels: { 'postern.dev/inject': 'enabled' } },
      spec: { serviceAccountName: 'default', automountServiceAccountToken: false, containers: [container] },
    },
  });
  return answer as Answered<Pod>;
}
