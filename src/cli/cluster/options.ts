// The options of commands that speak to a cluster: kubectl's own.
import type { Option } from '../command.ts';

export const CLUSTER_OPTIONS = {
  kubeconfig: {
    value: 'FILE',
    help: 'as kubectl takes it; KUBECONFIG, then ~/.kube/config, then the pod’s account',
  },
  context: { value: 'NAME', help: 'of the kubeconfig, instead of its current one' },
} as const satisfies Readonly<Record<string, Option>>;

export const NAMESPACE_OPTION = {
  namespace: { short: 'n', value: 'NAME', help: 'instead of the one that the context names' },
} as const satisfies Readonly<Record<string, Option>>;

/** Where policies that hold everywhere are. */
export const PLATFORM_OPTION = {
  platform: {
    value: 'NAME',
    help: 'the namespace that Postern is installed in; postern-system when not given',
  },
} as const satisfies Readonly<Record<string, Option>>;
