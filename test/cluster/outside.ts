// A machine outside the cluster, as pods see it, and who came to it.
import { kubectl } from './command.ts';
import { apply } from './injected.ts';
import { rolledOut } from './pods.ts';

/** Of the node: neither a pod's address nor a Service's, so nothing excludes it. */
export const OUTSIDE = '10.213.0.2';
const PROVIDER = { namespace: 'provider', deployment: 'outside' };

export async function startOutside(): Promise<void> {
  const { namespace, deployment } = PROVIDER;
  const labels = { 'app.kubernetes.io/name': deployment };
  const root = { runAsUser: 0, runAsNonRoot: false };
  const container = {
    name: deployment,
    image: 'localhost/peers:test',
    args: ['test/cluster/peers/outside.ts'],
    securityContext: root,
  };
  const spec = { hostNetwork: true, terminationGracePeriodSeconds: 2, containers: [container] };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: deployment, namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
  await apply(object);
  await rolledOut(PROVIDER);
}

/** Lines of its log. */
export const visitors = async (): Promise<number> =>
  (await kubectl('-n', PROVIDER.namespace, 'logs', `deploy/${PROVIDER.deployment}`)).split('\n').length;
