// Values in; what the chart makes of them out. Helm alone is needed, no API server.
import { describe, expect, it } from '@jest/globals';
import { canRender, render } from '../../support/helm.ts';

interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly dnsPolicy?: string;
  readonly containers: ReadonlyArray<{
    readonly env: ReadonlyArray<{
      readonly name: string;
      readonly valueFrom: { readonly fieldRef: { readonly fieldPath: string } };
    }>;
  }>;
}

interface Spec {
  readonly strategy: { readonly rollingUpdate: object };
  readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  readonly podSelector: { readonly matchLabels: object };
  readonly ingress: ReadonlyArray<{ readonly from?: object; readonly ports: readonly object[] }>;
  readonly egress: ReadonlyArray<{ readonly to?: readonly object[]; readonly ports: readonly object[] }>;
  readonly selector: { readonly matchLabels: object };
  readonly namespaceSelector?: object;
  readonly podMetricsEndpoints: readonly object[];
}

const specsOf = async (kind: string, ...values: readonly string[]): Promise<readonly Spec[]> => {
  const objects = await render(...values.flatMap((value) => ['--set', value]));
  return objects
    .filter((object) => object.kind === kind)
    .map((object) => (object as typeof object & { spec: Spec }).spec);
};

const specOf = async (kind: string, ...values: readonly string[]): Promise<Spec> => {
  const [spec, ...more] = await specsOf(kind, ...values);
  if (spec === undefined || more.length > 0) throw new Error(`one ${kind} is wanted`);
  return spec;
};

const tcp = (port: number): object => ({ port, protocol: 'TCP' });

(canRender ? describe : describe.skip)('the chart', () => {
  it('tells each replica its own name and address', async () => {
    const { template } = await specOf('Deployment');
    const [{ env } = { env: [] }] = template.spec.containers;
    expect(env.map(({ name, valueFrom }) => [name, valueFrom.fieldRef.fieldPath])).toEqual([
      ['POD_NAME', 'metadata.name'],
      ['POD_IP', 'status.podIP'],
    ]);
  });

  it('lets replicas reach names, the API server and each other, and nothing else', async () => {
    const { podSelector, ingress, egress } = await specOf('NetworkPolicy', 'networkPolicy.enabled=true');
    const { template } = await specOf('Deployment');
    expect(template.metadata.labels).toMatchObject(podSelector.matchLabels);
    expect(ingress).toEqual([{ ports: [tcp(8443), tcp(8444), tcp(8080)] }]);
    expect(egress).toEqual([
      { ports: [{ port: 53, protocol: 'UDP' }, tcp(53), tcp(443), tcp(6443)] },
      { to: [{ podSelector }], ports: [tcp(8443)] },
    ]);
  });

  it('takes the ports of the API server as they are on the platform', async () => {
    const values = ['networkPolicy.enabled=true', 'networkPolicy.apiServerPorts={16443}'];
    const [first] = (await specOf('NetworkPolicy', ...values)).egress;
    expect(first?.ports.slice(2)).toEqual([tcp(16443)]);
    await expect(render('--set', 'networkPolicy.apiServerPorts={https}')).rejects.toThrow(/apiServerPorts/);
  });

  it('has the Prometheus operator read the controller at home, and sidecars wherever they are', async () => {
    expect(await specsOf('PodMonitor')).toEqual([]);
    const [controller, sidecars] = await specsOf('PodMonitor', 'podMonitor.enabled=true');
    const podMetricsEndpoints = [{ port: 'http-admin', path: '/metrics', interval: '30s' }];
    expect(controller).toMatchObject({ podMetricsEndpoints });
    expect(controller?.namespaceSelector).toBeUndefined();
    expect((await specOf('Deployment')).template.metadata.labels).toMatchObject(
      controller?.selector.matchLabels ?? {},
    );
    expect(sidecars).toEqual({
      namespaceSelector: { any: true },
      selector: { matchLabels: { 'postern.dev/injected': 'true' } },
      podMetricsEndpoints,
    });
  });

  it('puts replicas into the network of their nodes, each of which has the ports once', async () => {
    const { template, strategy } = await specOf('Deployment', 'hostNetwork=true');
    expect(template.spec).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' });
    expect(strategy.rollingUpdate).toEqual({ maxUnavailable: 1, maxSurge: 0 });
    expect((await specOf('Deployment')).template.spec.hostNetwork).toBeUndefined();
  });
});
