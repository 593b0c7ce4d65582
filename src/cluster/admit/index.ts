// A pod in; what Postern does to it out. Pure: no client, no I/O.
export { admitPod } from './admit.ts';
export type { Verdict } from './admit.ts';
export { decideInjection } from './decide.ts';
export { applyOperations } from './draft.ts';
export type { Operation } from './draft.ts';
export { DrawnUids } from './drawn-uids.ts';
export { isObject } from './json.ts';
export type { Json } from './json.ts';
export type { Setting } from './keys.ts';
export { SIDECAR } from './names.ts';
export type { Namespace } from './pod.ts';
export { DECIDERS, SKIP_REASONS } from './reasons.ts';
export { readStatus as readInjection } from './status.ts';
export { reviewPod } from './review.ts';
export { reviewWorkload } from './review-workload.ts';
export { podAt, podPathOf } from './templates.ts';
export type { Uids } from './uid.ts';
export { withdrawFrom } from './undo.ts';
