// Facts to policy input, verdicts to decision, decision to permit.
export { compareDecisions } from './compare.ts';
export type { Enforced } from './compare.ts';
export { eraseContent } from './erase.ts';
export { foldVerdicts } from './fold.ts';
export { factsOfAnswer, factsOfRequest } from './facts.ts';
export type { Facts } from './facts.ts';
export { buildInput, TEXT_HANDLE } from './input.ts';
export { Permitted } from './permit.ts';
export { parseVerdicts } from './verdicts.ts';
