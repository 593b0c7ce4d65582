// From ConfigMaps to the bundle each namespace is to have, and back: who has it, and what is wrong. Compiles in a process of its own.
export type { Acknowledgement } from './acknowledgement.ts';
export { judgeCandidate, percentOf } from './candidate.ts';
export type { CandidateStanding, CandidateState, Hold } from './candidate.ts';
export { readChannel } from './channel.ts';
export { createBuild } from './build-set.ts';
export type { BuildSet, Built } from './build-set.ts';
export { nameOf, POLICY_SELECTORS } from './config-map.ts';
export type { ConfigMap } from './config-map.ts';
export { Endpoint, RELAYED } from './endpoint.ts';
export type { EndpointOptions, Spoken } from './endpoint.ts';
export { EMPTY_FLOOR, readCandidateFloor, readFloor, readFloors } from './floor.ts';
export type { Floors, PolicySet } from './floor.ts';
export {
  choose,
  findLacking,
  findMade,
  lastDistributed,
  listHistory,
  pinIssue,
  planHistory,
} from './history.ts';
export type { HistoryEntry } from './history.ts';
export { keepBundle, shed } from './kept-bundle.ts';
export type { KeptBundle } from './kept-bundle.ts';
export type { Authenticate, Look } from './identities.ts';
export { createSigning, readSigning } from './signing.ts';
export type { Signing } from './signing.ts';
export { readClaims } from './read-claims.ts';
export { give, obeysCandidate, Offers } from './offers.ts';
export type { CandidateOffer } from './offers.ts';
export { createReview } from './review-config-map.ts';
export { APPROVED, BUNDLE_LABEL, CHANNEL, PIN, shortDigest, STATUS_NAME, STATUS_SELECTOR } from './names.ts';
export { describeIssue } from './set-issue.ts';
export type { SetIssue } from './set-issue.ts';
export { joinBooks, judgeStanding, keepLive, noteAcknowledgement } from './standing.ts';
export type { Book, Standing, TargetPod } from './standing.ts';
export { rememberBook } from './remembered.ts';
export { Workshop } from './workshop.ts';
export { keepStatus, readStatus } from './read-status.ts';
export type { KeptStatus, ToldStatus } from './read-status.ts';
export { writeAnnotation, writeCandidateAnnotation } from './write-annotation.ts';
export { writeStatus } from './write-status.ts';
export type { Origin } from './write-status.ts';
