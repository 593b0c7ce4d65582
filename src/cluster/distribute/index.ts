// From ConfigMaps to the bundle each namespace is to have, and back: who has it, and what is wrong. Compiles in a process of its own.
export { createBuild } from './build-set.ts';
export type { BuildSet, Built } from './build-set.ts';
export { POLICY_SELECTORS } from './config-map.ts';
export type { ConfigMap } from './config-map.ts';
export { readFloor, readFloors } from './floor.ts';
export type { PolicySet } from './floor.ts';
export { Workshop } from './workshop.ts';
export { choose, lastDistributed, planHistory } from './history.ts';
