// Cases: exchanges with what is to become of them, told in every dialect and judged on the sidecar's own way.
export { readCases } from './read-cases.ts';
export { createOpener, runCases } from './run-cases.ts';
export type { CaseResult } from './run-cases.ts';
