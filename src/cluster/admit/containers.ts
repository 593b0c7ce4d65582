// What was decided in; the sidecar, and what comes before it where the kernel is to redirect, as containers of a pod, out.
import type { InjectionSettings } from '../../config/index.ts';
import { INIT, PORTS, SIDECAR } from './names.ts';

export interface ContainerPlan {
  readonly image: string;
  readonly settings: InjectionSettings;
  readonly resources: InjectionSettings['resources'];
  readonly uid: number;
  /** By name. */
  readonly variables: Readonly<Record<string, string>>;
  readonly mounts: readonly object[];
}

/** Every default of the API server is written out, so that a second look finds what the first one wrote. */
const TERMINATION = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'FallbackToLogsOnError',
};

const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Native: it starts before the others, and ends after them. */
export const sidecarContainer = (plan: ContainerPlan): object => ({
  name: SIDECAR,
  image: plan.image,
  imagePullPolicy: plan.settings.image.pullPolicy,
  restartPolicy: 'Always',
  args: ['sidecar'],
  ports: [{ name: 'http-admin', containerPort: PORTS.admin, protocol: 'TCP' }],
  env: [...IDENTITY, ...Object.entries(plan.variables).map(([name, value]) => ({ name, value }))],
  resources: plan.resources,
  securityContext: {
    runAsUser: plan.uid,
    runAsGroup: plan.uid,
    runAsNonRoot: true,
    ...CONFINED,
    capabilities: { drop: ['ALL'] },
  },
  // No readiness probe: an outage of a provider must not take the pod out of its Services.
  startupProbe: probe('/readyz', { periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 120 }),
  livenessProbe: probe('/healthz', { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }),
  volumeMounts: plan.mounts,
  ...TERMINATION,
});

const field = (name: string, fieldPath: string): object => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

const IDENTITY = [
  field('POD_NAME', 'metadata.name'),
  field('POD_NAMESPACE', 'metadata.namespace'),
  field('POD_UID', 'metadata.uid'),
  field('NODE_NAME', 'spec.nodeName'),
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    value:
      'k8s.namespace.name=$(POD_NAMESPACE),k8s.pod.name=$(POD_NAME),k8s.pod.uid=$(POD_UID),k8s.node.name=$(NODE_NAME)',
  },
];

const probe = (path: string, times: object): object => ({
  httpGet: { path, port: PORTS.admin, scheme: 'HTTP' },
  successThreshold: 1,
  ...times,
});

/** No shell and no program of ours: what will be done stands in its arguments, which nobody can change any more. */
export const initContainer = ({ image, settings }: ContainerPlan, rules: string): object => ({
  name: INIT,
  image,
  imagePullPolicy: settings.image.pullPolicy,
  command: ['/usr/sbin/nft'],
  args: [rules],
  resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
  securityContext: {
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
    ...CONFINED,
    capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
  },
  ...TERMINATION,
});
