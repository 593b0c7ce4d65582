// Cases: exchanges with what is to become of them, told in every dialect and judged on the sidecar's own way.
export { hearTelling } from './hear.ts';
export type { Heard } from './hear.ts';
export { createOpener } from './open.ts';
export type { Open, Opened, Settings } from './open.ts';
export { OPERATION_NAMES, routesOf } from './operations.ts';
export { readCases } from './read-cases.ts';
export { runCases } from './run-cases.ts';
export type { CaseResult } from './run-cases.ts';
export { tellCase } from './tell.ts';
export type { Telling } from './tell.ts';
