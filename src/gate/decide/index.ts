// Facts to policy input, verdicts to decision, decision to permit.
export { compareDecisions } from './compare.ts';
export type { Enforced } from './compare.ts';
export { eraseContent } from './erase.ts';
export { foldVerdicts, isMoreSevere } from './fold.ts';
export { factsOfAnswer, factsOfRequest } from './facts.ts';
export type { Facts } from './facts.ts';
export { createInputWriter, INPUT_SCHEMA, isInputPath } from './input.ts';
export type { InputWriter } from './input.ts';
export { IDENTITY, mayRead, READS_EVERYTHING, readsText, TEXT_HANDLE } from './input-reads.ts';
export type { Reads } from './input-reads.ts';
export { Permitted } from './permit.ts';
export { parseVerdicts } from './verdicts.ts';
