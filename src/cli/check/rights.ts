// A cluster in; whether the caller may make what the chart holds, kind by kind, out.
import type { Cluster } from '../cluster/cluster.ts';

export interface Right {
  readonly what: string;
  /** Null when the API server would not say. */
  readonly isAllowed: boolean | null;
}

type Wanted = readonly [group: string, resource: string, isInside: boolean];

/** What charts/postern holds; a test compares. */
export const INSTALLED: readonly Wanted[] = [
  ['', 'serviceaccounts', true],
  ['', 'services', true],
  ['', 'configmaps', true],
  ['apps', 'deployments', true],
  ['policy', 'poddisruptionbudgets', true],
  ['networking.k8s.io', 'networkpolicies', true],
  ['rbac.authorization.k8s.io', 'roles', true],
  ['rbac.authorization.k8s.io', 'rolebindings', true],
  ['rbac.authorization.k8s.io', 'clusterroles', false],
  ['rbac.authorization.k8s.io', 'clusterrolebindings', false],
  ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations', false],
  ['admissionregistration.k8s.io', 'validatingwebhookconfigurations', false],
  ['admissionregistration.k8s.io', 'validatingadmissionpolicies', false],
  ['admissionregistration.k8s.io', 'validatingadmissionpolicybindings', false],
];

export const askRights = (cluster: Cluster, platform: string): Promise<readonly Right[]> =>
  Promise.all(INSTALLED.map((wanted) => ask(cluster, platform, wanted)));

async function ask(cluster: Cluster, platform: string, [group, resource, isInside]: Wanted): Promise<Right> {
  const answer = await cluster.ask({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: { verb: 'create', group, resource, ...(isInside && { namespace: platform }) },
      },
    },
  });
  const what = `create ${resource}${group === '' ? '' : `.${group}`}`;
  if (!answer.ok) return { what, isAllowed: null };
  return { what, isAllowed: (answer.value as { status?: { allowed?: boolean } }).status?.allowed === true };
}
