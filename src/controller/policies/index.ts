// Policies of a cluster: from ConfigMaps to every pod with a sidecar, and what became of them back to the ConfigMaps.
export { openPolicies } from './open-policies.ts';
export type { Policies } from './open-policies.ts';
