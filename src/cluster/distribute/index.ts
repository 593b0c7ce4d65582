// From ConfigMaps to the bundle each namespace is to have, and back: who has it, and what is wrong. Compiles in a process of its own.
export type { Acknowledgement } from './acknowledgement.ts';
export { createBuild } from './build-set.ts';
export type { BuildSet, Built } from './build-set.ts';
export { POLICY_SELECTORS } from './config-map.ts';
export type { ConfigMap } from './config-map.ts';
export { Endpoint } from './endpoint.ts';
export { readFloor, readFloors } from './floor.ts';
export type { PolicySet } from './floor.ts';
export { choose, lastDistributed, planHistory } from './history.ts';
export type { Authenticate } from './identities.ts';
export { Offers } from './offers.ts';
export { createReview } from './review-config-map.ts';
export type { SetIssue } from './set-issue.ts';
export { joinBooks, judgeStanding, keepLive, noteAcknowledgement } from './standing.ts';
export type { Book, Standing, TargetPod } from './standing.ts';
export { Workshop } from './workshop.ts';
export { writeAnnotation, writeStatus } from './write-status.ts';
