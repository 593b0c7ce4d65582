// As much of Kubernetes' objects as checks look at.
import type { KubeObject, Resource } from '../../cluster/reflect/index.ts';

export interface Deployment extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly template?: { readonly spec?: PodSpec } };
  readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number };
}

export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly leaseDurationSeconds?: number;
  };
}

export interface EndpointSlice extends KubeObject {
  readonly endpoints?: ReadonlyArray<{ readonly conditions?: { readonly ready?: boolean } }>;
}

export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: ReadonlyArray<{
    readonly name: string;
    readonly failurePolicy?: string;
    readonly clientConfig: { readonly caBundle?: string };
  }>;
}

export interface PolicyBinding extends KubeObject {
  readonly spec?: { readonly policyName?: string; readonly validationActions?: readonly string[] };
}

export interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
}

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

export interface Pod extends KubeObject {
  readonly spec?: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly initContainerStatuses?: ReadonlyArray<{
      readonly name: string;
      readonly ready?: boolean;
      readonly restartCount?: number;
    }>;
  };
}

const admission = (kind: string, plural: string): Resource => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  plural,
});

export const RESOURCES = {
  deployments: { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  leases: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', plural: 'leases' },
  slices: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', plural: 'endpointslices' },
  mutating: admission('MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'),
  validating: admission('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'),
  policies: admission('ValidatingAdmissionPolicy', 'validatingadmissionpolicies'),
  bindings: admission('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'),
  secrets: { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' },
  pods: { apiVersion: 'v1', kind: 'Pod', plural: 'pods' },
} as const satisfies Readonly<Record<string, Resource>>;
