// Containers that other injectors add, by the names that they always have: their clients are not the application's.

import type { Namespace } from './pod.ts';

export const MESH_PROXIES: readonly string[] = ['istio-proxy', 'linkerd-proxy'];

/** By the marks that meshes put their proxies into pods for. */
export const isMeshed = ({ labels, annotations }: Namespace): boolean =>
  labels['istio-injection'] === 'enabled' ||
  Object.hasOwn(labels, 'istio.io/rev') ||
  ['enabled', 'ingress'].includes(annotations['linkerd.io/inject'] ?? '');

export const NEIGHBOURS: readonly string[] = [
  ...MESH_PROXIES,
  'istio-init',
  'istio-validation',
  'linkerd-init',
  'linkerd-network-validator',
  'vault-agent',
  'vault-agent-init',
  'daprd',
];
