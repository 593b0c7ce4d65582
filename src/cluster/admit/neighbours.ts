// Containers that other injectors add, by the names that they always have: their clients are not the application's.

export const MESH_PROXIES: readonly string[] = ['istio-proxy', 'linkerd-proxy'];

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
